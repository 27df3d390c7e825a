// Addresses of sockets (Linux).
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/** False for an address that is not of the internet. One of IPv4 reads the same in a socket of IPv6. */
bool readInternet(const struct sockaddr_storage *address, struct in6_addr *ip, in_port_t *port);

/** Of the internet both, and the same. */
bool isSameAddress(const struct sockaddr_storage *a, const struct sockaddr_storage *b);

/** Of an address of the internet. */
void setPort(struct sockaddr_storage *address, in_port_t port);
socklen_t sizeOf(const struct sockaddr_storage *address);

/** "127.0.0.1:80", "[::1]:80", a path, "@name" of an abstract one; empty for a socket without a name. */
void writeAddress(const struct sockaddr_storage *address, char *text, size_t size);
