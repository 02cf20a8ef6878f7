// SPDX-License-Identifier: MIT
#include "top_counter.h"

#include <cerrno>
#include <set>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <msgqipc.h>

#include "top.skel.h"
#include "trace_formats.h"

namespace
{

#define FIELD_IN_TRACEFS(event, field) { #event, #field },
const struct {
	const char *event;
	const char *field;
} fields[] = { MSGQCTL_FIELDS(FIELD_IN_TRACEFS) };

/* "on_wake" counts at the tracepoint wake, and needs all the fields listed of it. */
const char on[] = "on_";

template <typename Key, typename Value, typename See>
void each(bpf_map *map, See see)
{
	int fd = bpf_map__fd(map);
	Key key, *previous = nullptr;
	Value value;

	while (!bpf_map_get_next_key(fd, previous, &key)) {
		if (!bpf_map_lookup_elem(fd, &key, &value))
			see(key, value);
		previous = &key;
	}
}

} // namespace

TopCounter::TopCounter(const std::vector<std::string> &files, const std::string &no_module)
    : links_(std::make_unique<Links>())
{
	silence_libbpf();
	if (load(files, no_module))
		return;
	if (bpf_)
		top_bpf::destroy(bpf_);
	bpf_ = nullptr;
}

bool TopCounter::load(const std::vector<std::string> &files, const std::string &no_module)
{
	const Formats formats = no_module.empty() ? read_formats() : Formats{ {}, no_module };
	std::set<std::string> missing;
	int error;

	bpf_ = top_bpf::open();
	if (!bpf_) {
		sight_.unseen.push_back("events: " + why_not_loaded(errno));
		return false;
	}
	for (size_t i = 0; i < FIELDS; i++) {
		const Tracepoint *tracepoint = formats.find(fields[i].event);
		const Field *field = tracepoint ? tracepoint->find(fields[i].field) : nullptr;

		if (field)
			bpf_->rodata->place[i] = { field->offset, field->size };
		else
			missing.insert(fields[i].event);
	}
	bpf_->rodata->netns = own_netns();
	bpf_->rodata->full_errno = -EAGAIN;
	bpf_->rodata->full_error = MSGQIPC_ERR_RNR;

	const std::vector<Probe> probes = { { "send", bpf_->progs.probe_send },
					    { "refused", bpf_->progs.probe_refused },
					    { "recv", bpf_->progs.probe_recv } };
	bpf_program *program;

	bpf_object__for_each_program(program, bpf_->obj)
	{
		std::string name = bpf_program__name(program);

		if (name.starts_with(on) && missing.count(name.substr(sizeof(on) - 1)))
			bpf_program__set_autoload(program, false);
	}
	if (files.empty())
		for (const Probe &probe : probes)
			bpf_program__set_autoload(probe.program, false);

	error = top_bpf::load(bpf_);
	if (error) {
		sight_.unseen.push_back("events: " + why_not_loaded(-error));
		return false;
	}

	bpf_object__for_each_program(program, bpf_->obj)
	{
		std::string name = bpf_program__name(program);

		if (!name.starts_with(on))
			continue;
		name.erase(0, sizeof(on) - 1);
		if (missing.count(name))
			continue;
		error = links_->tracepoint(program, name, 0);
		if (error)
			sight_.unseen.push_back(name + ": " + why_not_loaded(error));
		else
			sight_.tracepoints = true;
	}
	if (formats.tracepoints.empty())
		sight_.unseen.push_back("wake-ups and waits: " + formats.why);
	else
		for (const std::string &name : missing)
			sight_.unseen.push_back(name + ": the module's tracepoint is another one");
	if (files.empty())
		sight_.unseen.push_back("who sends: no probes are asked for");
	else
		links_->probes(probes, files, sight_);
	return true;
}

TopCounter::~TopCounter()
{
	links_.reset();
	if (bpf_)
		top_bpf::destroy(bpf_);
}

Counts TopCounter::read() const
{
	Counts counts;

	if (!bpf_)
		return counts;
	each<uint32_t, uint32_t>(bpf_->maps.lives,
				 [&](uint32_t id, uint32_t life) { counts.lives[id] = life; });
	each<queue_id, queue_count>(bpf_->maps.queues,
				    [&](const queue_id &id, const queue_count &count) {
					    counts.queues[{ id.id, id.life }] = count;
				    });
	each<sender_id, sender_count>(
		bpf_->maps.senders, [&](const sender_id &id, const sender_count &count) {
			counts.senders[{ { id.queue.id, id.queue.life }, id.pid }] = count;
		});
	counts.lost = __atomic_load_n(&bpf_->bss->lost, __ATOMIC_RELAXED);
	return counts;
}
