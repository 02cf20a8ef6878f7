// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Makes the tracepoints that trace.h declares. */
#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/msgq.h>

#include <msgq/keeper.h>

#include "attach.h"
#include "context.h"
#include "queue.h"
#include "trace.h"
#include "user.h"

/* Not before: the headers above might declare others. */
#define CREATE_TRACE_POINTS
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
