// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "netns.h"
#include "scope.h"

struct msgq_netns {
	struct msgq_scope scope;
	struct net *net;
};

static unsigned int msgq_netns_id;

static __net_init int msgq_netns_enter(struct net *net)
{
	struct msgq_netns *netns = net_generic(net, msgq_netns_id);

	netns->net = net;
	msgq_scope_init(&netns->scope);
	return 0;
}

static __net_exit void msgq_netns_leave(struct net *net)
{
	struct msgq_netns *netns = net_generic(net, msgq_netns_id);

	msgq_scope_exit(&netns->scope);
}

static struct pernet_operations msgq_netns_operations = {
	.init = msgq_netns_enter,
	.exit = msgq_netns_leave,
	.id = &msgq_netns_id,
	.size = sizeof(struct msgq_netns),
};

int msgq_netns_init(void)
{
	return register_pernet_subsys(&msgq_netns_operations);
}

void msgq_netns_exit(void)
{
	unregister_pernet_subsys(&msgq_netns_operations);
}

static struct net *msgq_scope_net(struct msgq_scope *scope)
{
	return container_of(scope, struct msgq_netns, scope)->net;
}

struct msgq_scope *msgq_scope_of_net(struct net *net)
{
	struct msgq_netns *netns = net_generic(net, msgq_netns_id);

	return &netns->scope;
}

struct msgq_scope *msgq_scope_of_caller(void)
{
	return msgq_scope_of_net(get_net(current->nsproxy->net_ns));
}

void msgq_scope_put(struct msgq_scope *scope)
{
	put_net(msgq_scope_net(scope));
}

struct user_namespace *msgq_scope_users(struct msgq_scope *scope)
{
	return msgq_scope_net(scope)->user_ns;
}
