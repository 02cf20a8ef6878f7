// SPDX-License-Identifier: MIT
/*
 * Plays programs of system calls against /dev/msgq, keeps those that reach
 * something new in the module, and changes these. Meant for a VM: what it does
 * wrong is told by the kernel, and the program that did it is in $MSGQ_VM_OUT.
 */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "act.h"
#include "corpus.h"
#include "coverage.h"
#include "stage.h"

namespace
{

using Clock = std::chrono::steady_clock;

/*
 * The files that hold the programs being played, the last few of them: the VM
 * may not outlive the next, and what one did may show a little later.
 */
class Current
{
public:
	explicit Current(const std::string &directory)
	{
		for (size_t i = 0; i < LAST && !directory.empty(); i++) {
			const std::string path = directory + "/last-" + std::to_string(i);

			fd_[i] = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		}
	}
	~Current()
	{
		for (int fd : fd_)
			close(fd);
	}
	Current(const Current &) = delete;
	Current &operator=(const Current &) = delete;

	void set(const Program &program, size_t number) const
	{
		const std::string bytes = program.bytes();
		const int fd = fd_[number % LAST];

		if (fd >= 0 && (ftruncate(fd, 0) || pwrite(fd, bytes.data(), bytes.size(), 0) < 0))
			perror("fuzz: the program could not be kept");
	}

private:
	static constexpr size_t LAST = 8;
	int fd_[LAST] = { -1, -1, -1, -1, -1, -1, -1, -1 };
};

class Fuzzer
{
public:
	Fuzzer(Corpus &corpus, const std::string &out, uint64_t seed)
	    : corpus_(corpus), current_(out), out_(out), stage_(coverage_), random_(seed)
	{
	}

	/* What is known to reach something is played first; it may not any more. */
	bool again()
	{
		for (size_t i = 0; i < corpus_.size(); i++)
			if (!play(corpus_[i]))
				return false;
		return true;
	}

	/* Keeps as few of them as reach what all do. */
	bool merge()
	{
		corpus_.shortest_first();
		for (size_t i = 0; i < corpus_.size(); i++) {
			const size_t before = coverage_.places();

			if (!play(corpus_[i]))
				return false;
			if (coverage_.places() > before)
				corpus_.keep(corpus_[i]);
		}
		return true;
	}

	bool step()
	{
		Program program;

		/* To play one takes long, and there are many requests to be met: new ones, often. */
		if (!corpus_.size() || random_() % 3 == 0)
			program = Program::sample(random_);
		else
			program = corpus_.any(random_);
		if (corpus_.size())
			program.mutate(random_, corpus_.any(random_));
		const size_t before = coverage_.places();
		if (!play(program))
			return false;
		if (coverage_.places() > before)
			corpus_.add(program);
		return true;
	}

	bool play(const Program &program)
	{
		current_.set(program, executions_++);
		if (!stage_.play(program)) {
			printf("fuzz: a process cannot be killed; the program:\n");
			print(program);
			return false;
		}
		coverage_.gather();
		return true;
	}

	void tell() const
	{
		const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();

		printf("device: %.0f s, %zu executions, %.1f/s, corpus %zu, ", seconds, executions_,
		       static_cast<double>(executions_) / seconds, corpus_.size());
		if (coverage_.there())
			printf("%zu places of the module reached\n", coverage_.places());
		else
			printf("blind: no KCOV here\n");
		fflush(stdout);
		if (!out_.empty())
			coverage_.write(out_ + "/coverage");
	}

	size_t executions() const
	{
		return executions_;
	}

private:
	Corpus &corpus_;
	const Current current_;
	const std::string out_;
	Coverage coverage_;
	Stage stage_;
	Random random_;
	size_t executions_ = 0;
	const Clock::time_point start_ = Clock::now();
};

} // namespace

int main(int argc, char **argv)
{
	CLI::App app("Fuzzes /dev/msgq, guided by what of the module is reached.");
	const char *out = std::getenv("MSGQ_VM_OUT");
	std::vector<std::string> corpora, runs;
	size_t executions = SIZE_MAX;
	unsigned seconds = UINT_MAX, times = 1;
	uint64_t seed = 1;
	bool merge = false;
	Corpus corpus;

	app.add_option("--corpus", corpora, "directories of programs to start from");
	app.add_option("--executions", executions, "end after so many");
	app.add_option("--seconds", seconds, "end after so long");
	app.add_option("--seed", seed, "of the changes");
	app.add_flag("--merge", merge, "only keep as few of them as reach the same");
	app.add_option("--run", runs, "only print and play these programs");
	app.add_option("--times", times, "how often");
	CLI11_PARSE(app, argc, argv);

	Fuzzer fuzzer(corpus, out ? out : "", seed);
	for (const std::string &path : runs) {
		const Program program = Program::from(read_file(path));

		print(program);
		for (unsigned n = 0; n < times; n++)
			if (!fuzzer.play(program))
				return 1;
	}
	if (!runs.empty()) {
		fuzzer.tell();
		return 0;
	}
	for (const std::string &directory : corpora)
		corpus.read(directory);
	if (out)
		corpus.keep_in(std::string(out) + "/corpus");

	if (merge) {
		const bool merged = fuzzer.merge();

		fuzzer.tell();
		return merged ? 0 : 1;
	}
	const auto end = Clock::now() + std::chrono::seconds(seconds);
	auto next = Clock::now();
	if (!fuzzer.again())
		return 1;
	while (fuzzer.executions() < executions && Clock::now() < end) {
		if (!fuzzer.step())
			return 1;
		if (Clock::now() < next)
			continue;
		fuzzer.tell();
		next = Clock::now() + std::chrono::seconds(10);
	}
	fuzzer.tell();
	return 0;
}
