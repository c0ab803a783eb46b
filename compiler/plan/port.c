/*
 * Where a service's port leads on each workload behind it.
 *
 * A named target is looked up in every pod by itself, so two workloads may serve
 * one port at two numbers. And where an entry of the mesh selects workloads, its
 * port leads to the container port of the same name, if a workload declares one,
 * whatever number the entry says. So names of exported ports are chosen, not
 * copied:
 *
 *	port 80 "web" -> target "http"; v1: http = 8080, v2: http = 9090     "http"
 *	port 80 "http" -> target 9090; v1: http = 8080                       "port-80"
 */
#include "base/base.h"

#include "plan/local.h"

static uint32_t port_of_name(const struct workload *w, struct str name)
{
	for (uint32_t i = 0; i < w->ports.n; i++)
		if (str_eq(w->ports.at[i].name, name))
			return w->ports.at[i].number;
	return 0;
}

/* 0: the workload does not serve it. */
static uint32_t target_on(const struct workload *w, const struct service_port *port)
{
	return port->target_name.n ? port_of_name(w, port->target_name) : port->target;
}

static void add_number(struct arena *mem, struct port_numbers *out, uint32_t number)
{
	for (uint32_t i = 0; i < out->n; i++)
		if (out->at[i] == number)
			return;
	vec_add(mem, out, number);
}

void port_targets(struct arena *mem, const struct service *s, const struct service_port *port,
		  struct port_numbers *out)
{
	if (port->target)
		add_number(mem, out, port->target);
	for (uint32_t i = 0; i < s->workloads.n; i++) {
		uint32_t number = target_on(s->workloads.at[i], port);

		if (number)
			add_number(mem, out, number);
	}
}

static bool leads_home(const struct service *s, const struct service_port *port, struct str name)
{
	for (uint32_t i = 0; i < s->workloads.n; i++) {
		uint32_t wanted = target_on(s->workloads.at[i], port);
		uint32_t found = port_of_name(s->workloads.at[i], name);

		if (wanted && (found ? found : port->target) != wanted)
			return false;
	}
	return true;
}

static bool is_taken(const struct export_plan *export, struct str name)
{
	for (uint32_t i = 0; i < export->ports.n; i++)
		if (str_eq(export->ports.at[i].name, name))
			return true;
	return false;
}

struct str port_export_name(struct arena *mem, const struct export_plan *export,
			    const struct service_port *port)
{
	struct str names[] = { port->name, port->target_name,
			       str_format(mem, "port-%u", port->number) };

	for (uint32_t i = 0; i < countof(names); i++)
		if (names[i].n && !is_taken(export, names[i]) &&
		    leads_home(export->service, port, names[i]))
			return names[i];
	return (struct str){ 0 };
}
