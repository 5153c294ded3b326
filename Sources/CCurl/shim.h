#pragma once
#define CURL_DISABLE_TYPECHECK 1
#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

/* curl_easy_setopt and its kin take a variable list of arguments, which Swift cannot pass: one typed function a kind. */

typedef size_t (*vt_data_callback)(char *, size_t, size_t, void *);
typedef curl_socket_t (*vt_socket_callback)(void *, curlsocktype, struct curl_sockaddr *);
typedef int (*vt_request_callback)(void *, char *, char *, int, int);
typedef int (*vt_progress_callback)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode vt_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode vt_set_size(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode vt_set_text(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode vt_set_pointer(CURL *h, CURLoption o, const void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode vt_set_list(CURL *h, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode vt_set_data(CURL *h, CURLoption o, vt_data_callback v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode vt_set_socket(CURL *h, vt_socket_callback v) {
    return curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, v);
}
static inline CURLcode vt_set_request(CURL *h, vt_request_callback v) {
    return curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, v);
}
static inline CURLcode vt_set_progress(CURL *h, vt_progress_callback v) {
    return curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, v);
}
static inline CURLcode vt_get_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode vt_get_size(CURL *h, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode vt_get_text(CURL *h, CURLINFO i, char **v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode vt_get_private(CURL *h, void **v) { return curl_easy_getinfo(h, CURLINFO_PRIVATE, v); }
static inline CURLMcode vt_set_multi(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }

/* The result of a finished transfer: a union that is awkward from Swift. */
static inline CURLcode vt_result(const CURLMsg *m) { return m->data.result; }

/* A socket for an address that the guard has let pass. */
static inline curl_socket_t vt_open_socket(const struct curl_sockaddr *a) {
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}
