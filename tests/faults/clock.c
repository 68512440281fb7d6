/* A clock that is wrong by the seconds that stand in the file $WRONG_CLOCK, from one moment to the next.
   Preloaded into a process, it is the time of day; the monotonic clock stays right, as on a machine whose clock is set. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t off(void) {
    static volatile int64_t *seconds;
    if (seconds == NULL) {
        int file = open(getenv("WRONG_CLOCK"), O_RDONLY);
        seconds = mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
        close(file);
    }
    return *seconds;
}

int clock_gettime(clockid_t id, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, id, now);
    if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += off();
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now != NULL) *now = precise.tv_sec;
    return precise.tv_sec;
}

/* Locks between processes wait until a time of day, which a jump brings near or far: looked at every 20 ms. */
int sem_timedwait(sem_t *restrict lock, const struct timespec *restrict until) {
    int (*wait)(sem_t *, const struct timespec *) = dlsym(RTLD_NEXT, "sem_timedwait");
    for (;;) {
        struct timespec now, soon;
        if (sem_trywait(lock) == 0) return 0;
        clock_gettime(CLOCK_REALTIME, &now);
        if (now.tv_sec > until->tv_sec || (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec)) {
            errno = ETIMEDOUT;
            return -1;
        }
        soon = now;
        soon.tv_sec -= off();
        soon.tv_nsec += 20000000;
        if (soon.tv_nsec >= 1000000000) {
            soon.tv_sec += 1;
            soon.tv_nsec -= 1000000000;
        }
        if (wait(lock, &soon) == 0) return 0;
        if (errno != ETIMEDOUT) return -1;
    }
}
