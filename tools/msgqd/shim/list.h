/* SPDX-License-Identifier: MIT */
#ifndef MSGQD_SHIM_LIST_H
#define MSGQD_SHIM_LIST_H

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *list)
{
	entry->prev = list->prev;
	entry->next = list;
	list->prev->next = entry;
	list->prev = entry;
}

static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}

static inline void list_del_init(struct list_head *entry)
{
	list_del(entry);
	INIT_LIST_HEAD(entry);
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

#define list_first_entry(list, type, member) container_of((list)->next, type, member)

#define list_for_each_entry(at, list, member)                                                      \
	for (at = container_of((list)->next, __typeof__(*at), member); &at->member != (list);      \
	     at = container_of(at->member.next, __typeof__(*at), member))

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

#define INIT_HLIST_HEAD(list) ((list)->first = NULL)

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline bool hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *list)
{
	node->next = list->first;
	if (node->next)
		node->next->pprev = &node->next;
	node->pprev = &list->first;
	list->first = node;
}

static inline void hlist_del_init(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	INIT_HLIST_NODE(node);
}

#define hlist_for_each_entry(at, list, member)                                                     \
	for (struct hlist_node *at##_node = (list)->first;                                         \
	     at##_node && ((at = container_of(at##_node, __typeof__(*at), member)), true);         \
	     at##_node = at##_node->next)

#endif
