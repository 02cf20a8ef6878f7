// SPDX-License-Identifier: MIT

#include "core.h"

#include <stdio.h>
#include <sys/random.h>

#include "../../kmod/attach.h"
#include "../../kmod/context.h"
#include "../../kmod/netns.h"
#include "../../kmod/queue.h"
#include "../../kmod/refuse.h"
#include "../../kmod/request.h"
#include "../../kmod/scope.h"
#include "../../kmod/user.h"
#include "../../kmod/watch.h"
#include "../../lib/wire.h"

struct shim_caller shim_caller;

/* One for each network namespace that has contexts. */
struct core_netns {
	struct msgq_scope scope;
	struct core_netns *next;
	u64 number;
	unsigned int contexts;
};

static struct core_netns *core_netnses;

extern unsigned int *shim_param_max_entries, *shim_param_user_queues, *shim_param_user_contexts,
	*shim_param_user_attachments;
extern unsigned long *shim_param_user_bytes;

void shim_warn(const char *file, int line, const char *what)
{
	fprintf(stderr, "msgqd: WARNING: %s:%d: %s\n", file, line, what);
	abort();
}

u64 get_random_u64(void)
{
	u64 random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = ktime_get_real_ns();
	return random;
}

struct user_namespace *msgq_scope_users(struct msgq_scope *scope)
{
	(void)scope;
	return NULL;
}

struct core_limits core_get_limits(void)
{
	return (struct core_limits){
		.max_entries = shim_param_max_entries,
		.user_queues = shim_param_user_queues,
		.user_contexts = shim_param_user_contexts,
		.user_attachments = shim_param_user_attachments,
		.user_bytes = shim_param_user_bytes,
	};
}

int core_init(void)
{
	if (msgq_user_init() || msgq_context_init() || msgq_queue_init() || msgq_attach_init() ||
	    msgq_watch_init())
		return -ENOMEM;
	return 0;
}

void core_exit(void)
{
	WARN_ON(core_netnses);
	msgq_watch_exit();
	msgq_attach_exit();
	msgq_queue_exit();
	msgq_context_exit();
	msgq_user_exit();
}

static struct core_netns *core_netns_get(u64 number)
{
	struct core_netns *netns;

	for (netns = core_netnses; netns; netns = netns->next) {
		if (netns->number == number)
			break;
	}
	if (!netns) {
		netns = calloc(1, sizeof(*netns));
		if (!netns)
			return NULL;
		netns->number = number;
		netns->next = core_netnses;
		core_netnses = netns;
		msgq_scope_init(&netns->scope);
	}
	netns->contexts++;
	return netns;
}

static void core_netns_put(struct core_netns *netns)
{
	struct core_netns **link = &core_netnses;

	if (--netns->contexts)
		return;
	while (*link != netns)
		link = &(*link)->next;
	*link = netns->next;
	msgq_scope_exit(&netns->scope);
	free(netns);
}

static void core_speak_for(const struct core_caller *caller)
{
	shim_caller.uid.val = caller->uid;
	shim_caller.gid.val = caller->gid;
	shim_caller.groups = caller->groups;
	shim_caller.group_count = caller->group_count;
	shim_caller.umask = caller->umask;
}

struct msgq_context *core_open(pid_t number, u64 netns_number, const struct core_caller *caller,
			       struct msgq_refusal *refusal, int *error)
{
	struct core_netns *netns = core_netns_get(netns_number);
	struct pid *pid = malloc(sizeof(*pid));
	struct msgq_context *context = NULL;

	core_speak_for(caller);
	*error = msgq_refuse(refusal, -ENOMEM, MSGQ_WHY_MEMORY, sizeof(*netns));
	if (netns && pid)
		context = msgq_context_new(&netns->scope, pid, refusal, error);
	if (!context) {
		if (netns)
			core_netns_put(netns);
		free(pid);
		return NULL;
	}
	pid->number = number;
	pid->references = 1;
	return context;
}

void core_close(struct msgq_context *context)
{
	struct core_netns *netns = container_of(context->scope, struct core_netns, scope);
	struct pid *pid = context->pid;

	msgq_context_free(context);
	put_pid(pid);
	core_netns_put(netns);
}

int core_request(struct msgq_context *context, const struct core_caller *caller, u32 command,
		 void *request, void *into, u32 room)
{
	core_speak_for(caller);
	return msgq_request_do(context, command, request, into, room);
}

size_t core_item(u32 command)
{
	return msgq_request_item(command);
}

int core_knows(u32 command)
{
	_Static_assert(sizeof(union msgq_request) <= MSGQ_WIRE_REQUEST, "too small");
	return command == MSGQ_WIRE_BELL || msgq_request_known(command);
}

int core_areas(struct msgq_context *context, u32 handle, int fd[MSGQ_AREAS])
{
	struct msgq_attachment *attachment;
	struct msgq_queue *queue =
		msgq_context_at(context, (u64)handle << MSGQ_OFFSET_HANDLE_SHIFT, &attachment);
	int count;

	if (!queue)
		return 0;
	for (count = 0;
	     count < (int)queue->memory.pages && msgq_queue_area_size(queue, count, attachment);
	     count++) {
		const struct page *page = queue->memory.page[count];

		fd[count] = msgq_queue_area_writable(count, attachment) ? page->fd : page->readonly;
	}
	msgq_context_let_go(queue, attachment);
	return count;
}
