// SPDX-License-Identifier: MIT
#include "machine.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

std::string kernel_release()
{
	struct utsname name = {};

	return uname(&name) ? "" : name.release;
}

std::optional<std::string> first_line(const std::string &path)
{
	std::ifstream file(path);
	std::string line;

	if (!std::getline(file, line))
		return std::nullopt;
	return line;
}

std::optional<std::string> installed_module()
{
	namespace fs = std::filesystem;
	std::error_code error;
	fs::recursive_directory_iterator files("/lib/modules/" + kernel_release(),
					       fs::directory_options::skip_permission_denied,
					       error);

	for (; !error && files != fs::recursive_directory_iterator(); files.increment(error)) {
		std::string name = files->path().filename();

		if (name == "msgq.ko" || name.starts_with("msgq.ko."))
			return files->path();
	}
	return std::nullopt;
}

std::optional<bool> secure_boot()
{
	/* Four bytes of attributes, and the value. */
	std::ifstream file("/sys/firmware/efi/efivars/"
			   "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
			   std::ios::binary);
	char bytes[5] = {};

	if (!file.read(bytes, sizeof(bytes)))
		return std::nullopt;
	return bytes[4] != 0;
}

std::string signature_demand()
{
	auto enforced = first_line("/sys/module/module/parameters/sig_enforce");
	auto lockdown = first_line("/sys/kernel/security/lockdown");

	if (enforced && *enforced == "Y")
		return "module.sig_enforce";
	if (lockdown && lockdown->find("[none]") == std::string::npos)
		return "lockdown";
	return "";
}

bool in_container()
{
	return !access("/.dockerenv", F_OK) || !access("/run/.containerenv", F_OK) ||
	       !access("/run/systemd/container", F_OK);
}

int reach(const std::string &socket)
{
	struct sockaddr_un address = {};
	int error = 0;

	address.sun_family = AF_UNIX;
	if (socket.size() >= sizeof(address.sun_path))
		return ENAMETOOLONG;
	memcpy(address.sun_path, socket.c_str(), socket.size() + 1);
	int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	if (connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof(address)))
		error = errno;
	close(fd);
	return error;
}
