// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <memory>

#include "client.h"
#include "columns.h"
#include "command.h"
#include "json.h"
#include "senders.h"
#include "which.h"

namespace
{

struct Options {
	Which which;
	bool json = false;
};

/* The depth, how deep it has been, and how much room there is. */
void picture(const msgqipc_info &info)
{
	constexpr unsigned narrowest = 20, margin = 30;
	unsigned room = terminal_width() ? terminal_width() : 80;
	unsigned width = std::clamp(room, narrowest + margin, 100u) - margin;
	double entries = info.entries;

	printf("[%s] %u of %u", bar(width, info.depth / entries, info.high / entries).c_str(),
	       info.depth, info.entries);
	if (info.high > info.depth)
		printf(", was %u", info.high);
	puts("");
}

void print_fields(const msgqipc_info &info)
{
	for (const Column *column : columns(Shown::Asked))
		printf("%-10s %s\n", column->name,
		       tinted(column->tint ? column->tint(info) : Tint::Plain, column->text(info))
			       .c_str());
}

void print_senders(const Senders &senders)
{
	if (senders.all.empty()) {
		puts("no senders");
		return;
	}
	printf("%s; RECENT: of the last %llu messages; LAST: 1 is the last of all\n",
	       senders.all.size() == 1 ? "1 sender"
				       : (std::to_string(senders.all.size()) + " senders").c_str(),
	       static_cast<unsigned long long>(std::min<uint64_t>(senders.slots, senders.next)));
	tabulate(senders).print(true);
}

void show(const Options &options)
{
	Client client;
	msgqipc_info info = find(client, options.which);
	Senders senders = senders_of(client, info.addr);

	if (options.json) {
		print_json({ { "host", json_string(client.host()) },
			     { "queue", json_queue(info, columns(Shown::Asked)) },
			     { "looked_at", std::to_string(senders.slots) },
			     { "next", std::to_string(senders.next) },
			     { "senders", json_list(json_senders(senders), 2) } });
		return;
	}
	print_fields(info);
	puts("");
	picture(info);
	puts("");
	print_senders(senders);
}

} // namespace

std::function<void()> setup_show(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	add_queue(app, options->which);
	app.add_flag("-J,--json", options->json, "print JSON");
	app.footer("Shows all there is to know of one queue; how full it is, and how full it was;\n"
		   "and its senders: how many of the last messages were theirs, and how many ago\n"
		   "the last one. The names of the fields are the columns of 'msgqctl list'.\n");
	return [options] {
		show(*options);
	};
}
