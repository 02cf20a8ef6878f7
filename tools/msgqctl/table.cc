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
	std::vector<std::vector<Cell>> rows;

	if (headings) {
		rows.emplace_back();
		for (const Heading &heading : headings_)
			rows.back().push_back({ heading.name, Tint::Heading });
	}
	rows.insert(rows.end(), rows_.begin(), rows_.end());
	for (const auto &row : rows)
		for (size_t i = 0; i < row.size(); i++)
			widths[i] = std::max(widths[i], row[i].text.size());

	for (const auto &row : rows) {
		std::string line;

		for (size_t i = 0; i < row.size(); i++) {
			std::string pad(widths[i] - row[i].text.size(), ' ');
			std::string text = tinted(row[i].tint, row[i].text);
			bool last = i + 1 == row.size();

			line += i ? " " : "";
			line += headings_[i].right ? pad + text : text + (last ? "" : pad);
		}
		puts(line.c_str());
	}
}
