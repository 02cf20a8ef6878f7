/* SPDX-License-Identifier: MIT */
/* One measure of one peer: what a row of the results is made of. */
#ifndef MSGQ_TESTS_BENCH_COMPARE_SERIES_H
#define MSGQ_TESTS_BENCH_COMPARE_SERIES_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "../pair.h"

enum class Unit { ns, rate, us, bytes };

struct Piece {
	Lap lap;
	double each_ns; /* for one message, call, ... */
};

/* The piece is asked for @count turns, so many that it lasts about as long as it should. */
using Run = std::function<Piece(uint64_t count)>;

struct Series {
	std::string measure;
	std::string peer;
	uint32_t len; /* 0: no matter */
	Unit unit;
	Run run;
	int limit = -1;		 /* the series that is its raw limit */
	double piece_ns = 1e6;	 /* how long a piece should last */
	uint64_t least = 64;	 /* turns of one */
	unsigned every = 1;	 /* rounds; some are long */
	bool yields = false;	 /* processes share a CPU, so that being interrupted is normal */
	bool individual = false; /* every turn is timed; see trips */

	bool fixed = false; /* the count is not to be fitted */

	bool addresses = false; /* len is a number of addresses */

	uint64_t count = 0, next = 0; /* turns of this piece and the next */
	double turn_ns = 0;	      /* the shortest so far */
	std::vector<double> ns = {};
	std::vector<float> trips = {};
	unsigned disturbed = 0;
	unsigned lost = 0;

	std::string subject() const; /* what is measured */
	std::string name() const;    /* and of whom */

	/* Tried again when another process had the CPU meanwhile, while there is time. */
	void repeat(uint64_t deadline_ns);
	bool given_up() const;

	double median() const;
	double shown(double each) const; /* in the unit */
	double quantile(double part) const;
	void sort(); /* before quantile() */

private:
	Piece play();
	void keep(const Piece &piece);
};

const char *unit_name(Unit unit);

/* Where the pieces put what they time one by one; shared with their processes. */
constexpr uint64_t TRIPS_MAX = 1 << 14;
extern uint32_t *trip_ticks;

const Series *find(const std::vector<Series> &all, const std::string &measure,
		   const std::string &peer, uint32_t len);

/* Times the limit, or of a rate the part of it; 0: there is none. */
double ratio(const std::vector<Series> &all, const Series &series);

#endif
