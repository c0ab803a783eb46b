/*
 * n independent jobs on a few threads that wait between maps.
 *
 * The only shared thing is the number of the next job: who runs which is open,
 * where its result goes is not. The caller works too; a map inside a job runs
 * where it was called.
 */
#include "base/base.h"
#include "base/pool.h"

#include "base/arena.h"
#include "base/limit.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct pool {
	uint32_t jobs;
	pthread_t workers[LIMIT_JOBS];
	uint32_t n_workers;

	pthread_mutex_t lock; /* guards everything below but `next` */
	pthread_cond_t start, done;
	uint64_t round; /* of maps; a worker takes part once in each */
	uint32_t active;
	bool busy, stop;

	void (*job)(uint32_t i, void *cx);
	void *cx;
	uint32_t n;
	_Atomic uint32_t next;
};

static uint32_t cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	return (uint32_t)CPU_COUNT(&set);
}

static void work(struct pool *p)
{
	for (;;) {
		uint32_t i = atomic_fetch_add_explicit(&p->next, 1, memory_order_relaxed);

		if (i >= p->n)
			return;
		p->job(i, p->cx);
	}
}

static void *worker(void *cx)
{
	struct pool *p = cx;
	uint64_t seen = 0;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!p->stop && p->round == seen)
			pthread_cond_wait(&p->start, &p->lock);
		if (p->stop)
			break;
		seen = p->round;
		pthread_mutex_unlock(&p->lock);
		work(p);
		pthread_mutex_lock(&p->lock);
		if (--p->active == 0)
			pthread_cond_signal(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct pool *pool_new(uint32_t jobs)
{
	struct pool *p = calloc(1, sizeof *p);

	if (!p)
		out_of_memory();
	if (jobs == 0)
		jobs = cores();
	p->jobs = jobs < 1 ? 1 : jobs > LIMIT_JOBS ? LIMIT_JOBS : jobs;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->start, NULL);
	pthread_cond_init(&p->done, NULL);
	return p;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->start);
	pthread_mutex_unlock(&p->lock);
	for (uint32_t i = 0; i < p->n_workers; i++)
		pthread_join(p->workers[i], NULL);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->start);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

uint32_t pool_jobs(const struct pool *p)
{
	return p->jobs;
}

/* A machine that gives fewer threads is slower, nothing else. */
static void start_workers(struct pool *p)
{
	while (p->n_workers + 1 < p->jobs) {
		if (pthread_create(&p->workers[p->n_workers], NULL, worker, p) != 0)
			break;
		p->n_workers++;
	}
}

/* False while another map runs: this one is inside a job of it. */
static bool begin(struct pool *p, uint32_t n, void (*job)(uint32_t i, void *cx), void *cx)
{
	pthread_mutex_lock(&p->lock);
	if (p->busy) {
		pthread_mutex_unlock(&p->lock);
		return false;
	}
	p->busy = true;
	start_workers(p);
	p->n = n;
	p->job = job;
	p->cx = cx;
	p->active = p->n_workers;
	atomic_store_explicit(&p->next, 0, memory_order_relaxed);
	p->round++;
	pthread_cond_broadcast(&p->start);
	pthread_mutex_unlock(&p->lock);
	return true;
}

static void finish(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->active > 0)
		pthread_cond_wait(&p->done, &p->lock);
	p->busy = false;
	pthread_mutex_unlock(&p->lock);
}

void pool_map(struct pool *p, uint32_t n, void (*job)(uint32_t i, void *cx), void *cx)
{
	if (n > UINT32_MAX - LIMIT_JOBS)
		BUG("%" PRIu32 " jobs", n);
	if (n <= 1 || p->jobs == 1 || !begin(p, n, job, cx)) {
		for (uint32_t i = 0; i < n; i++)
			job(i, cx);
		return;
	}
	work(p);
	finish(p);
}
