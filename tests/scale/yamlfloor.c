/*
 * The floor of reading YAML: libyaml's event loop over files, and nothing else.
 * yamlfloor PATH... (files, or folders with everything below). What `meshc check` is compared with.
 */
#include "base/base.h"

#include "base/str.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

struct tally {
	uint64_t bytes, events, files;
};

static void read_events(const char *path, const unsigned char *text, size_t size,
			struct tally *tally)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true;

	if (!yaml_parser_initialize(&parser))
		exit(1);
	yaml_parser_set_input_string(&parser, text, size);
	while (more) {
		if (!yaml_parser_parse(&parser, &event)) {
			fprintf(stderr, "%s: not valid YAML\n", path);
			exit(1);
		}
		more = event.type != YAML_STREAM_END_EVENT;
		tally->events++;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	tally->bytes += size;
	tally->files++;
}

static void read_file(const char *path, size_t size, struct tally *tally)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *text = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;

	if (fd < 0 || text == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	read_events(path, text ? text : (const unsigned char *)"", size, tally);
	if (text)
		munmap(text, size);
	close(fd);
}

static void read_path(struct arena *mem, const char *path, struct tally *tally)
{
	struct stat st;
	struct dirent *entry;
	DIR *dir;

	if (lstat(path, &st) != 0)
		return;
	if (S_ISREG(st.st_mode))
		read_file(path, (size_t)st.st_size, tally);
	if (!S_ISDIR(st.st_mode) || !(dir = opendir(path)))
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			read_path(mem, str_format(mem, "%s/%s", path, entry->d_name).p, tally);
	closedir(dir);
}

int main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	struct tally tally = { 0 };

	for (int i = 1; i < argc; i++)
		read_path(mem, argv[i], &tally);
	printf("%" PRIu64 " files, %" PRIu64 " bytes, %" PRIu64 " events\n", tally.files,
	       tally.bytes, tally.events);
	arena_free(mem);
	return 0;
}
