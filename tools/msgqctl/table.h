/* SPDX-License-Identifier: MIT */
/* Rows of text, in columns as wide as what is in them. */
#ifndef MSGQCTL_TABLE_H
#define MSGQCTL_TABLE_H

#include <string>
#include <vector>

#include "terminal.h"

struct Heading {
	std::string name;
	bool right = false;
};

struct Cell {
	std::string text;
	Tint tint = Tint::Plain;
};

class Table
{
public:
	explicit Table(std::vector<Heading> headings);

	void add(std::vector<Cell> cells);
	/* Of the longest line. */
	size_t width() const;
	void print(bool headings) const;

private:
	std::vector<Heading> headings_;
	std::vector<size_t> widths_;
	std::vector<std::vector<Cell>> rows_;
};

#endif
