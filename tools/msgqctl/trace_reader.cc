// SPDX-License-Identifier: MIT
#include "trace_reader.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include <bpf/libbpf.h>

#include "exit.h"
#include "trace.skel.h"

TraceReader::TraceReader(const Options &options, const Formats &formats, See see)
    : see_(std::move(see)), bpf_(nullptr), links_(std::make_unique<Links>())
{
	auto asked = [&](const std::string &name) {
		return options.events.empty() || options.events.count(name);
	};
	int error;

	silence_libbpf();
	bpf_ = trace_bpf::open();
	if (!bpf_)
		throw Failure{ Exit::Failed, "cannot trace: " + why_not_loaded(errno) };
	for (size_t kind = 0; kind < formats.tracepoints.size(); kind++)
		if (kind < std::size(bpf_->rodata->length))
			bpf_->rodata->length[kind] = formats.tracepoints[kind].length;
	bpf_map__set_max_entries(bpf_->maps.records, options.buffer_bytes);

	std::vector<Probe> probes;

	for (const Probe &probe : { Probe{ "send", bpf_->progs.probe_send },
				    Probe{ "refused", bpf_->progs.probe_refused },
				    Probe{ "recv", bpf_->progs.probe_recv } }) {
		if (!options.files.empty() && asked(probe.name))
			probes.push_back(probe);
		else
			bpf_program__set_autoload(probe.program, false);
	}

	error = trace_bpf::load(bpf_);
	if (error) {
		trace_bpf::destroy(bpf_);
		throw Failure{ error == -EPERM || error == -EACCES ? Exit::Denied : Exit::Failed,
			       "cannot trace: " + why_not_loaded(-error) };
	}
	ring_ = ring_buffer__new(bpf_map__fd(bpf_->maps.records), on_record, this, nullptr);
	if (!ring_) {
		error = errno;
		trace_bpf::destroy(bpf_);
		throw Failure{ Exit::Failed, "cannot trace: " + why_not_loaded(error) };
	}

	for (size_t kind = 0; kind < formats.tracepoints.size(); kind++) {
		const std::string &name = formats.tracepoints[kind].name;

		if (!asked(name))
			continue;
		error = links_->tracepoint(bpf_->progs.on_event, name, kind);
		if (error)
			sight_.unseen.push_back(name + ": " + why_not_loaded(error));
		else
			sight_.tracepoints = true;
	}
	if (formats.tracepoints.empty())
		sight_.unseen.push_back("the module: " + formats.why);
	links_->probes(probes, options.files, sight_);
}

TraceReader::~TraceReader()
{
	links_.reset();
	ring_buffer__free(ring_);
	trace_bpf::destroy(bpf_);
}

int TraceReader::on_record(void *reader, void *data, size_t size)
{
	if (size >= sizeof(record))
		static_cast<TraceReader *>(reader)->see_(*static_cast<const record *>(data));
	return 0;
}

void TraceReader::poll(int timeout_ms)
{
	ring_buffer__poll(ring_, timeout_ms);
}

uint64_t TraceReader::lost() const
{
	return __atomic_load_n(&bpf_->bss->lost, __ATOMIC_RELAXED);
}

void TraceReader::stop()
{
	links_.reset();
	ring_buffer__consume(ring_);
}
