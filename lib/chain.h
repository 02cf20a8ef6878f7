/* SPDX-License-Identifier: MIT */
/* A circular list through its elements. A link that is all zero is in none. */
#ifndef MSGQ_LIB_CHAIN_H
#define MSGQ_LIB_CHAIN_H

namespace msgq
{

struct Link {
	Link *next, *prev;
};

inline void chain_init(Link *chain)
{
	chain->next = chain->prev = chain;
}

inline bool chain_empty(const Link *chain)
{
	return chain->next == chain;
}

inline void chain_append(Link *chain, Link *link)
{
	link->prev = chain->prev;
	link->next = chain;
	chain->prev->next = link;
	chain->prev = link;
}

inline void chain_remove(Link *link)
{
	if (!link->next)
		return;
	link->prev->next = link->next;
	link->next->prev = link->prev;
	*link = {};
}

} // namespace msgq

#endif
