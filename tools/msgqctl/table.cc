// SPDX-License-Identifier: MIT
#include "table.h"

#include <algorithm>
#include <cstdio>

Table::Table(std::vector<Heading> headings) : headings_(std::move(headings))
{
	for (const Heading &heading : headings_)
		widths_.push_back(heading.name.size());
}

void Table::add(std::vector<Cell> cells)
{
	for (size_t i = 0; i < cells.size(); i++)
		widths_[i] = std::max(widths_[i], cells[i].text.size());
	rows_.push_back(std::move(cells));
}

size_t Table::width() const
{
	size_t width = widths_.empty() ? 0 : widths_.size() - 1;

	for (size_t each : widths_)
		width += each;
	return width;
}

void Table::print(bool headings) const
{
	/* What is not printed takes no room. */
	std::vector<size_t> widths(headings ? widths_ : std::vector<size_t>(widths_.size()));
	std::string line;

	const auto print_row = [&](const std::vector<Cell> &row) {
		line.clear();
		for (size_t i = 0; i < row.size(); i++) {
			size_t pad = widths[i] - row[i].text.size();

			if (i)
				line += ' ';
			if (headings_[i].right)
				line.append(pad, ' ');
			line += tinted(row[i].tint, row[i].text);
			if (!headings_[i].right && i + 1 != row.size())
				line.append(pad, ' ');
		}
		puts(line.c_str());
	};

	for (const auto &row : rows_)
		for (size_t i = 0; i < row.size(); i++)
			widths[i] = std::max(widths[i], row[i].text.size());
	if (headings) {
		std::vector<Cell> row;

		for (const Heading &heading : headings_)
			row.push_back({ heading.name, Tint::Heading });
		print_row(row);
	}
	for (const auto &row : rows_)
		print_row(row);
}
