/* SPDX-License-Identifier: MIT */
/* The results, for people and for programs. */
#ifndef MSGQ_TESTS_BENCH_COMPARE_REPORT_H
#define MSGQ_TESTS_BENCH_COMPARE_REPORT_H

#include <cstdio>

#include "plan.h"

/* What a person sees; as Markdown too. */
void print_tables(FILE *to, const Plan &plan, bool markdown);
void print_notes(FILE *to, const Plan &plan, bool markdown);
void print_targets(FILE *to, const Plan &plan, bool markdown);

/* A line for each series. */
void print_csv(FILE *to, const Plan &plan);

/* Percentiles of what was timed one by one. */
void print_latencies(FILE *to, const Plan &plan);

#endif
