#pragma once

/* What glibc declares for _GNU_SOURCE alone, which Swift's Glibc is built without; sets are bits, lowest processor first. */

int gettid(void);
int sched_getaffinity(int thread, unsigned long size, void *set);
int sched_setaffinity(int thread, unsigned long size, const void *set);
