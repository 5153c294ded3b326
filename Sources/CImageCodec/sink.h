/* Where decoded rows go: colour to sRGB, alpha premultiplied, averaged down, turned upright, without a second copy. */
#ifndef VITRINE_SINK_H
#define VITRINE_SINK_H

#include "scaler.h"

#include <lcms2.h>

typedef struct ic_sink {
    uint32_t width;
    uint32_t out_width;
    uint32_t out_height;
    uint32_t divisor;
    uint8_t orientation;
    uint8_t has_alpha;
    uint8_t is_cmyk;
    uint8_t is_inverted;
    uint8_t least_alpha;
    uint32_t next;
    uint32_t gathered;
    uint32_t *sums;
    uint8_t *line;
    uint8_t *out;
    cmsContext context;
    cmsHTRANSFORM transform;
    uint8_t *greys;
    uint8_t is_scaling;
    ic_scaler scaler;
} ic_sink;

/* `width` and `height` are those of the rows that will come. `divisor` is what the sink itself averages, unless the request asks
   for a size, to which it then scales that `extent` of the rows. A sink must not be moved. */
ic_status ic_sink_open(
    ic_sink *sink, uint32_t width, uint32_t height, uint32_t divisor, ic_part extent, const ic_request *request,
    int has_alpha);
/* Takes a profile for RGB (3), grey (1, in the red channel) or CMYK (4) rows; says in `result` what became of it. */
void ic_sink_profile(ic_sink *sink, const uint8_t *profile, size_t count, int channels, ic_result *result);
/* The same for a gamma and primaries; `primaries` are white, red, green, blue as x and y. */
void ic_sink_gamma(ic_sink *sink, double gamma, const double primaries[8], ic_result *result);
/* Takes one row of straight RGBA, or of four inks, which it changes. */
void ic_sink_row(ic_sink *sink, uint8_t *row);
/* Writes what a last, smaller cell has gathered. */
void ic_sink_finish(ic_sink *sink);
void ic_sink_close(ic_sink *sink);

/* Whether a profile is anything but sRGB under another name, or grey of its tone. */
int ic_moves_colours(const uint8_t *profile, size_t count, int channels);

void ic_say(ic_result *result, const char *message);

#endif
