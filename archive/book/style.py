"""How the book looks where the reader has not said otherwise: no font, size or colour of ours."""

STYLE = """\
body { line-height: 1.7; margin: 5%; overflow-wrap: break-word; }
h1 { font-size: 1.5em; line-height: 1.35; margin: 0 0 0.6em; }
h2, h3, h4, h5, h6 { font-size: 1.15em; line-height: 1.4; margin: 1.4em 0 0.4em; break-after: avoid; }
p { margin: 0 0 0.8em; orphans: 2; widows: 2; }
p.text:lang(zh), p.text:lang(ja) { margin-bottom: 0.4em; text-indent: 2em; }
p.facts, p.seen { font-size: 0.85em; line-height: 1.5; opacity: 0.8; }
p.facts { margin-bottom: 1.6em; }
p.seen { border-top: 1px solid; margin-top: 2em; padding-top: 0.6em; }
a { overflow-wrap: anywhere; }
ol, ul { padding-inline-start: 1.4em; }
li { margin: 0.3em 0; }
"""
