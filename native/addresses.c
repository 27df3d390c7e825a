#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include "addresses.h"

#ifdef __linux__
bool readInternet(const struct sockaddr_storage *address, struct in6_addr *ip, in_port_t *port) {
  if (address->ss_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const void *)address;
    *ip = six->sin6_addr;
    *port = six->sin6_port;
    return true;
  }
  if (address->ss_family != AF_INET) return false;
  const struct sockaddr_in *four = (const void *)address;
  *ip = (struct in6_addr){.s6_addr = {[10] = 255, [11] = 255}};
  memcpy(ip->s6_addr + 12, &four->sin_addr, 4);
  *port = four->sin_port;
  return true;
}

bool isSameAddress(const struct sockaddr_storage *a, const struct sockaddr_storage *b) {
  struct in6_addr ips[2];
  in_port_t ports[2];
  return readInternet(a, &ips[0], &ports[0]) && readInternet(b, &ips[1], &ports[1]) && ports[0] == ports[1] &&
         memcmp(&ips[0], &ips[1], sizeof ips[0]) == 0;
}

void setPort(struct sockaddr_storage *address, in_port_t port) {
  if (address->ss_family == AF_INET6) ((struct sockaddr_in6 *)address)->sin6_port = port;
  else ((struct sockaddr_in *)address)->sin_port = port;
}

socklen_t sizeOf(const struct sockaddr_storage *address) {
  return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

void writeAddress(const struct sockaddr_storage *address, char *text, size_t size) {
  char host[INET6_ADDRSTRLEN];
  struct in6_addr ip;
  in_port_t port;
  *text = 0;
  if (readInternet(address, &ip, &port)) {
    bool isFour = IN6_IS_ADDR_V4MAPPED(&ip);
    inet_ntop(isFour ? AF_INET : AF_INET6, isFour ? (void *)(ip.s6_addr + 12) : &ip, host, sizeof host);
    snprintf(text, size, isFour ? "%s:%d" : "[%s]:%d", host, ntohs(port));
  } else if (address->ss_family == AF_UNIX) {
    const char *path = ((const struct sockaddr_un *)address)->sun_path;
    snprintf(text, size, "%s%s", *path || !path[1] ? "" : "@", *path ? path : path + 1);
  }
}
#endif
