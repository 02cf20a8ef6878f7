/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* One scope for each network namespace. */
#ifndef MSGQ_NETNS_H
#define MSGQ_NETNS_H

struct msgq_scope;
struct net;
struct user_namespace;

int msgq_netns_init(void);
void msgq_netns_exit(void);

/* The caller's scope, held until it is put. */
struct msgq_scope *msgq_scope_of_caller(void);
void msgq_scope_put(struct msgq_scope *scope);

/* Of a namespace that the caller holds. */
struct msgq_scope *msgq_scope_of_net(struct net *net);

/* Who has capabilities over the scope. */
struct user_namespace *msgq_scope_users(struct msgq_scope *scope);

#endif
