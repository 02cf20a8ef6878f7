/* SPDX-License-Identifier: MIT */
/* Nobody traces the daemon's core: it has events to be called, and they do nothing. */
#ifndef MSGQD_SHIM_TRACE_H
#define MSGQD_SHIM_TRACE_H

#define TP_PROTO(...) __VA_ARGS__

#define TRACE_EVENT(name, proto, ...)                                                              \
	static inline void trace_##name(proto)                                                     \
	{                                                                                          \
	}                                                                                          \
	_Static_assert(1, #name)

#define DECLARE_EVENT_CLASS(name, ...) _Static_assert(1, #name)
#define DEFINE_EVENT(class, name, proto, ...) TRACE_EVENT(name, proto, )

#endif
