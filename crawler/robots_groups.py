"""What a robots.txt says to one crawler: its groups for that name and for everybody (RFC 9309, 2.2.1).

Protego notes every rule for every name of its group: 500 kB of 15,000 names and 24,000 rules took all memory there was.
It also takes "Yao" for the beginning of our name, and "Yaowen/2.0" for another one.
"""

import re

_AGENT = re.compile(r"user[- ]?agent(?:\s*:|\s)\s*(.*)", re.IGNORECASE)
_RULE = re.compile(r"(?:allow|di[as]+l+[ao]w|crawl[- ]delay)(?:[\s:]|$)", re.IGNORECASE)
"""What ends the names of a group; "Disalow", "Dissallow" and "Diasllow" are rules to Protego too."""
_NAME = re.compile(r"\*(?![\w-])|[A-Za-z_-]+")


def groups_for(token: str, text: str) -> str:
    """The rules for the product token and for ``*``, under at most these two names, however they were written.

    >>> print(groups_for("Yaowen", "User-agent: a\\nUser-agent: YAOWEN/2.0\\nDisallow: /x\\nUser-agent: Yao\\nAllow: "))
    User-agent: yaowen
    Disallow: /x
    """
    lines, names, is_head = [], set[str](), False
    for line in (line.partition("#")[0].strip() for line in text.splitlines()):
        if agent := _AGENT.fullmatch(line):
            if not is_head:
                names, is_head = set(), True
            name = _NAME.match(agent[1])
            written = name[0].lower() if name else ""
            if written in ("*", token.lower()) and written not in names:
                names.add(written)
                lines.append(f"User-agent: {written}")
        elif _RULE.match(line):
            is_head = False
            if names:
                lines.append(line)
    return "\n".join(lines)
