// SPDX-License-Identifier: MIT
#include "top_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace
{

bool continues(char c)
{
	return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

} // namespace

std::string print_rate(double rate)
{
	const char *units[] = { "", "k", "M", "G" };
	size_t unit = 0;
	char text[16];

	while (rate >= 999.5 && unit < 3) {
		rate /= 1000;
		unit++;
	}
	snprintf(text, sizeof(text), "%.*f%s", (unit || rate < 1) && rate > 0 && rate < 9.95, rate,
		 units[unit]);
	return text;
}

std::string print_time(double seconds)
{
	const struct {
		double below, factor;
		const char *unit;
	} scales[] = { { 0.9995e-3, 1e6, "us" }, { 0.9995, 1e3, "ms" }, { 99.5, 1, "s" } };
	char text[16];

	for (const auto &scale : scales) {
		if (seconds >= scale.below)
			continue;
		double number = seconds * scale.factor;

		snprintf(text, sizeof(text), "%.*f%s", number < 9.95 && scale.factor < 1e6, number,
			 scale.unit);
		return text;
	}
	snprintf(text, sizeof(text), seconds < 100 * 60 ? "%.0fm" : "%.0fh",
		 seconds < 100 * 60 ? seconds / 60 : seconds / 3600);
	return text;
}

std::string print_bar(double part, double whole, size_t width, bool utf8)
{
	const char *eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	double filled =
		whole > 0 ? std::clamp(part / whole, 0.0, 1.0) * static_cast<double>(width) : 0;
	auto full = static_cast<size_t>(filled);
	std::string bar;

	/* What there is, however little, is to be seen. */
	if (!utf8) {
		full = part > 0 ? std::max<size_t>(1, static_cast<size_t>(lround(filled))) : 0;
		return std::string(full, '#') + std::string(width - full, ' ');
	}
	for (size_t i = 0; i < full; i++)
		bar += "█";
	auto rest = static_cast<size_t>((filled - static_cast<double>(full)) * 8);

	if (part > 0 && !full && !rest)
		rest = 1;
	bar += eighths[rest];
	return fit(bar, width);
}

size_t text_width(const std::string &text)
{
	return text.size() -
	       static_cast<size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string fit(const std::string &text, size_t width, bool right)
{
	size_t has = text_width(text), end = 0;

	if (has <= width) {
		std::string pad(width - has, ' ');

		return right ? pad + text : text + pad;
	}
	for (size_t columns = 0; end < text.size(); end++)
		if (!continues(text[end]) && columns++ == width)
			break;
	return text.substr(0, end);
}
