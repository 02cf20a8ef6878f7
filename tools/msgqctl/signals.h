/* SPDX-License-Identifier: MIT */
/*
 * Signals that end a transfer, and a tick.
 *
 * A signal that arrives just before a call goes to sleep does not end that
 * call. The tick, which is a signal too, ends it a quarter of a second later;
 * nothing here can sleep through a request to stop.
 */
#ifndef MSGQCTL_SIGNALS_H
#define MSGQCTL_SIGNALS_H

constexpr int ticks_per_second = 4;

/* SIGINT and SIGTERM are taken once; a second one ends the process. */
void catch_signals();

/* The signal that asked to stop, or 0. */
int stop_asked();

/* True once per tick. */
bool ticked();

#endif
