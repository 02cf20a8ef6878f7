/* SPDX-License-Identifier: MIT */
/* One thread: a lock has nobody to keep out, a count nobody to race with. */
#ifndef MSGQD_SHIM_LOCK_H
#define MSGQD_SHIM_LOCK_H

struct mutex {
	bool held;
};

#define mutex_init(mutex) ((mutex)->held = false)
#define mutex_destroy(mutex) ((void)(mutex))

static inline void mutex_lock(struct mutex *mutex)
{
	WARN_ON(mutex->held);
	mutex->held = true;
}

static inline void mutex_unlock(struct mutex *mutex)
{
	WARN_ON(!mutex->held);
	mutex->held = false;
}

#define lockdep_assert_held(mutex) ((void)WARN_ON(!(mutex)->held))

typedef struct {
	char unused;
} spinlock_t;

#define spin_lock_init(lock) ((void)(lock))
#define spin_lock(lock) ((void)(lock))
#define spin_unlock(lock) ((void)(lock))

struct kref {
	unsigned int count;
};

static inline void kref_init(struct kref *kref)
{
	kref->count = 1;
}

static inline void kref_get(struct kref *kref)
{
	kref->count++;
}

static inline void kref_put(struct kref *kref, void (*release)(struct kref *))
{
	if (!--kref->count)
		release(kref);
}

/* Sleepers sleep on a word of the ring, or poll this eventfd; -1: none wanted yet. */
typedef struct {
	int fd;
} wait_queue_head_t;

struct timer_list {
	char unused;
};

/* What happens later is done by the daemon's loop; see pulse.c. */
struct hrtimer {
	char unused;
};

struct delayed_work {
	struct list_head entry;
};

#endif
