// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <memory>
#include <sstream>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "../../lib/place.h"
#include "client.h"
#include "command.h"
#include "json.h"
#include "machine.h"
#include "terminal.h"

namespace
{

enum class Level { Fine, Note, Problem };

struct Finding {
	Level level;
	const char *subject;
	std::string text;
	std::string remedy; /* of all that are not fine */
};

using Findings = std::vector<Finding>;

const char device[] = "/dev/msgq";

bool module_loaded()
{
	return !access("/sys/module/msgq", F_OK);
}

void check_module(Findings &found)
{
	auto version = first_line("/sys/module/msgq/version");
	auto installed = module_loaded() ? std::nullopt : installed_module();

	found.push_back({ Level::Fine, "kernel", kernel_release(), "" });
	if (module_loaded() && version && *version != MSGQ_VERSION)
		found.push_back(
			{ Level::Note, "module",
			  "loaded, of version " + *version + "; msgqctl is of " MSGQ_VERSION,
			  "install both from the same source: dkms add, make install" });
	else if (module_loaded())
		found.push_back({ Level::Fine, "module",
				  "loaded, of version " + version.value_or("unknown"), "" });
	else if (installed)
		found.push_back({ Level::Note, "module", "not loaded; it is in " + *installed,
				  "modprobe msgq" });
	else
		found.push_back(
			{ Level::Note, "module",
			  "not loaded, and none is installed for this kernel",
			  "dkms add and dkms install, or make and insmod; or start msgqd" });
}

void check_secure_boot(Findings &found)
{
	auto secure = secure_boot();
	std::string demand = signature_demand();
	std::string text = !secure ? "no UEFI that tells of it" : *secure ? "on" : "off";

	if (!demand.empty())
		text += "; the kernel takes only signed modules (" + demand + ")";
	if (demand.empty() || module_loaded())
		found.push_back({ Level::Fine, "secure boot", text, "" });
	else
		found.push_back({ Level::Note, "secure boot", text,
				  "sign msgq.ko with a key that the machine knows (mokutil "
				  "--import; DKMS signs by itself), or start msgqd" });
}

void check_device(Findings &found)
{
	struct stat stat = {};
	char mode[8];

	if (lstat(device, &stat)) {
		const char *remedy =
			!module_loaded() ? "load the module, or start msgqd"
			: in_container()
				? "start the container with --device /dev/msgq, or msgqd in it"
				: "is /dev a devtmpfs? ls -l /sys/class/misc/msgq/dev tells "
				  "the numbers for mknod";

		found.push_back({ Level::Note, "device",
				  std::string(device) + " is not there" +
					  (in_container() ? "; this is a container" : ""),
				  remedy });
		return;
	}
	snprintf(mode, sizeof(mode), "%04o", stat.st_mode & 07777);
	if (!S_ISCHR(stat.st_mode))
		found.push_back({ Level::Problem, "device",
				  std::string(device) + " is not a device",
				  "remove it, and load the module again" });
	else if (faccessat(AT_FDCWD, device, R_OK | W_OK, AT_EACCESS))
		found.push_back(
			{ Level::Problem, "device",
			  std::string(device) + " may not be opened: mode " + mode,
			  "ask for the group that it is of; who may is said by a udev rule, "
			  "60-msgq.rules" });
	else
		found.push_back({ Level::Fine, "device",
				  std::string(device) + ", mode " + mode + ", may be opened", "" });
}

void check_daemon(Findings &found)
{
	const char *named = msgq::place_named();
	std::string refused;
	char place[msgq::PATH_SIZE];
	int length;

	for (unsigned i = 0; (length = msgq::place(i, place, sizeof(place))) >= 0; i++) {
		const bool whole = static_cast<size_t>(length) < sizeof(place);
		const int error = whole ? reach(place) : ENAMETOOLONG;

		if (!error) {
			found.push_back(
				{ Level::Fine, "msgqd", std::string("listens at ") + place, "" });
			return;
		}
		if (error == EACCES || error == EPERM)
			refused = place;
	}
	if (!refused.empty())
		found.push_back({ named ? Level::Problem : Level::Note, "msgqd",
				  "this user may not connect to " + refused,
				  "ask for the group that it is of, or start msgqd with another "
				  "--mode (SocketMode= and SocketGroup= of its unit)" });
	else if (named)
		found.push_back({ Level::Problem, "msgqd",
				  std::string("none listens at ") + named +
					  ", where MSGQ_SOCKET says that it does",
				  "start msgqd, or unset MSGQ_SOCKET" });
	else
		found.push_back({ Level::Fine, "msgqd", "none runs", "" });
}

/* It is what msgqd, or rather who cancels through it, needs. */
void check_membarrier(Findings &found, const msgqipc_host &host)
{
	long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	if (host.kind == MSGQIPC_HOST_MODULE)
		return;
	if (commands > 0 && commands & MEMBARRIER_CMD_GLOBAL)
		found.push_back({ Level::Fine, "membarrier", "may be called", "" });
	else
		found.push_back({ Level::Note, "membarrier",
				  "may not be called, and msgqd needs it to cancel messages",
				  "allow membarrier(2) in the seccomp profile" });
}

/* A message to ourselves. */
void check_message(Findings &found, const Client &client)
{
	msgqipc_addr addr{};
	char text[8] = {};
	msgqipc_queue *queue = msgqipc_create(client.ctx(), MSGQIPC_KEY_PRIVATE, &addr, 1, 0, 0);
	bool there = queue && !msgqipc_activate(client.ctx(), queue) &&
		     !msgqipc_send(client.ctx(), &addr, "doctor", 6) &&
		     msgqipc_recv_timeout(client.ctx(), queue, text, sizeof(text), 0) == 6 &&
		     !strcmp(text, "doctor");
	std::string why = there ? "" : last_refusal().why;

	if (queue)
		msgqipc_close(client.ctx(), queue, 0);
	if (there)
		found.push_back({ Level::Fine, "message", "sent and received", "" });
	else
		found.push_back({ Level::Problem, "message", "cannot be sent and received: " + why,
				  "'msgqctl limits' shows what is used up" });
}

void check_limits(Findings &found, const Client &client)
{
	msgqipc_limits limits{};
	std::string near;

	if (msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_GET_LIMITS, 0, &limits)) {
		found.push_back({ Level::Note, "limits", "not told: " + last_refusal().why,
				  "update whoever keeps the queues" });
		return;
	}
	const std::pair<const char *, const msgqipc_limit *> each[] = {
		{ "queues", &limits.queues },
		{ "contexts", &limits.contexts },
		{ "bytes", &limits.bytes },
		{ "attachments", &limits.attachments },
	};

	for (const auto &[name, limit] : each)
		if (limit->max && limit->used >= limit->max / 10 * 9)
			near += (near.empty() ? "" : ", ") + std::string(name);
	if (near.empty())
		found.push_back({ Level::Fine, "limits", "far from what the user may have", "" });
	else
		found.push_back({ Level::Note, "limits", "nine tenths of its " + near + " are used",
				  "'msgqctl limits' shows them, and by what they are raised" });
}

/* Throws what keeps it from being used at all. */
void check_host(Findings &found)
{
	Client client;
	msgqipc_host host{};

	if (msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_GET_HOST, 0, &host))
		throw failure("cannot ask who keeps the queues");
	if (strcmp(host.release, MSGQ_VERSION) != 0)
		found.push_back({ Level::Note, "host",
				  client.host() + "; msgqctl is of version " MSGQ_VERSION,
				  "install both from the same source" });
	else
		found.push_back({ Level::Fine, "host", client.host(), "" });
	check_membarrier(found, host);
	check_message(found, client);
	check_limits(found, client);
}

const char *name_of(Level level)
{
	switch (level) {
	case Level::Fine:
		return "ok";
	case Level::Note:
		return "note";
	default:
		return "problem";
	}
}

/* On a terminal in lines that fit, after what is on the first one. */
void print_wrapped(const std::string &text)
{
	constexpr size_t margin = 22;
	const size_t room = std::max(terminal_width(), 60u) - margin;
	std::istringstream words(text);
	std::string word, line;

	while (words >> word) {
		if (terminal_width() && !line.empty() && line.size() + 1 + word.size() > room) {
			printf("%s\n%*s", line.c_str(), static_cast<int>(margin), "");
			line.clear();
		}
		line += (line.empty() ? "" : " ") + word;
	}
	puts(line.c_str());
}

void print_findings(const Findings &found)
{
	static const Tint tints[] = { Tint::Good, Tint::Warning, Tint::Bad };

	for (const Finding &each : found) {
		std::string level = name_of(each.level);
		Tint tint = tints[static_cast<int>(each.level)];

		printf("%s%s %-12s ", tinted(tint, level).c_str(),
		       std::string(8 - level.size(), ' ').c_str(), each.subject);
		print_wrapped(each.text);
		if (each.remedy.empty())
			continue;
		printf("%*s ", 21, "->");
		print_wrapped(each.remedy);
	}
}

void print_findings_json(const Findings &found)
{
	std::vector<std::string> items;

	for (const Finding &each : found)
		items.push_back(json_object({
			{ "level", json_string(name_of(each.level)) },
			{ "subject", json_string(each.subject) },
			{ "text", json_string(each.text) },
			{ "remedy", each.remedy.empty() ? "null" : json_string(each.remedy) },
		}));
	print_json({ { "findings", json_list(items, 2) } });
}

void examine(bool json)
{
	Findings found;
	Exit status = Exit::Done;

	check_module(found);
	check_secure_boot(found);
	check_device(found);
	check_daemon(found);
	try {
		check_host(found);
	} catch (const Failure &failed) {
		status = failed.status;
		found.push_back(
			{ Level::Problem, "host", failed.text, "see above: the module, or msgqd" });
	}
	if (json)
		print_findings_json(found);
	else
		print_findings(found);
	for (const Finding &each : found)
		if (each.level == Level::Problem && status == Exit::Done)
			status = Exit::Failed;
	if (status != Exit::Done)
		throw Failure{ status,
			       "message queues cannot be used here as they should; see above" };
}

} // namespace

std::function<void()> setup_doctor(CLI::App &app)
{
	auto json = std::make_shared<bool>(false);

	app.add_flag("-J,--json", *json, "print JSON");
	app.footer(
		"Looks at the kernel, the module, Secure Boot, the device, msgqd, versions and\n"
		"limits, and sends a message; says what to do about what is not as it should be.\n"
		"Exits with 0 when queues can be used, whatever the notes say.\n");
	return [json] {
		examine(*json);
	};
}
