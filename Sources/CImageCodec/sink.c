#include "sink.h"

#include <stdlib.h>
#include <string.h>

void ic_say(ic_result *result, const char *message) {
    if (!result) return;
    strncpy(result->message, message, sizeof result->message - 1);
    result->message[sizeof result->message - 1] = 0;
}

static void place(ic_sink *sink, const uint8_t *line);

static void take_scaled(void *sink, uint32_t y, const uint8_t *row) {
    (void)y;
    place(sink, row);
}

ic_status ic_sink_open(
    ic_sink *sink, uint32_t width, uint32_t height, uint32_t divisor, ic_part extent, const ic_request *request,
    int has_alpha) {
    sink->width = width;
    sink->orientation = request->orientation >= 1 && request->orientation <= 8 ? request->orientation : 1;
    sink->has_alpha = has_alpha != 0;
    sink->least_alpha = 255;
    sink->next = 0;
    sink->gathered = 0;
    sink->out = request->out;
    sink->is_scaling = request->fit_width > 0;
    if (sink->is_scaling) {
        sink->divisor = 1;
        sink->out_width = request->fit_width;
        sink->out_height = request->fit_height;
        return ic_scaler_open(
            &sink->scaler, 4, width, height, extent, request->fit_width, request->fit_height, take_scaled, sink);
    }
    sink->divisor = divisor ? divisor : 1;
    sink->out_width = (width + sink->divisor - 1) / sink->divisor;
    sink->out_height = (height + sink->divisor - 1) / sink->divisor;
    if (sink->divisor > 1) {
        sink->sums = calloc((size_t)sink->out_width * 4, sizeof *sink->sums);
        sink->line = malloc((size_t)sink->out_width * 4);
        if (!sink->sums || !sink->line) return IC_NO_MEMORY;
    }
    return IC_OK;
}

void ic_sink_close(ic_sink *sink) {
    free(sink->sums);
    free(sink->line);
    free(sink->greys);
    if (sink->is_scaling) ic_scaler_close(&sink->scaler);
    if (sink->transform) cmsDeleteTransform(sink->transform);
    if (sink->context) cmsDeleteContext(sink->context);
    memset(sink, 0, sizeof *sink);
}

/* A profile that moves no colour by more than a step is sRGB under another name. */
static int moves_colours(cmsHTRANSFORM transform) {
    uint8_t in[729 * 4], out[729 * 4];
    int at = 0;
    for (int r = 0; r < 9; r++)
        for (int g = 0; g < 9; g++)
            for (int b = 0; b < 9; b++, at += 4) {
                in[at] = (uint8_t)(r * 255 / 8);
                in[at + 1] = (uint8_t)(g * 255 / 8);
                in[at + 2] = (uint8_t)(b * 255 / 8);
                in[at + 3] = 255;
            }
    memcpy(out, in, sizeof in);
    cmsDoTransform(transform, in, out, 729);
    for (int i = 0; i < 729 * 4; i++)
        if (abs(in[i] - out[i]) > 1) return 1;
    return 0;
}

/* Asked of a transform that is quick to make and slow to use, since most profiles are sRGB. */
static int is_standard(ic_sink *sink, cmsHPROFILE profile, cmsHPROFILE standard, cmsUInt32Number flags) {
    cmsHTRANSFORM probe = cmsCreateTransformTHR(
        sink->context, profile, TYPE_RGBA_8, standard, TYPE_RGBA_8, INTENT_RELATIVE_COLORIMETRIC,
        flags | cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
    if (!probe) return 0;
    int moves = moves_colours(probe);
    cmsDeleteTransform(probe);
    return !moves;
}

static void convert_from(ic_sink *sink, cmsHPROFILE profile, int channels, ic_result *result) {
    cmsColorSpaceSignature space = cmsGetColorSpace(profile);
    cmsUInt32Number type;
    int fits;
    if (channels == 4) {
        fits = space == cmsSigCmykData;
        type = sink->is_inverted ? TYPE_CMYK_8_REV : TYPE_CMYK_8;
    } else if (space == cmsSigGrayData) {
        fits = channels == 1;
        type = TYPE_GRAY_8;
    } else {
        fits = space == cmsSigRgbData;
        type = TYPE_RGBA_8;
    }
    cmsHPROFILE standard = fits ? cmsCreate_sRGBProfileTHR(sink->context) : NULL;
    cmsHTRANSFORM transform = NULL;
    if (standard) {
        cmsUInt32Number flags = cmsFLAGS_BLACKPOINTCOMPENSATION;
        if (sink->has_alpha && type == TYPE_RGBA_8) flags |= cmsFLAGS_COPY_ALPHA;
        cmsUInt32Number to = type == TYPE_GRAY_8 ? TYPE_RGB_8 : TYPE_RGBA_8;
        if (type == TYPE_RGBA_8 && is_standard(sink, profile, standard, flags)) {
            cmsCloseProfile(standard);
            return;
        }
        transform = cmsCreateTransformTHR(
            sink->context, profile, type, standard, to, INTENT_RELATIVE_COLORIMETRIC, flags);
        cmsCloseProfile(standard);
    }
    if (!transform) {
        result->profile_unreadable = 1;
        return;
    }
    if (type == TYPE_GRAY_8) {
        uint8_t ramp[256];
        int differs = 0;
        sink->greys = malloc(768);
        if (sink->greys) {
            for (int i = 0; i < 256; i++) ramp[i] = (uint8_t)i;
            cmsDoTransform(transform, ramp, sink->greys, 256);
            for (int i = 0; i < 768; i++)
                if (abs(sink->greys[i] - i / 3) > 1) differs = 1;
            if (!differs) {
                free(sink->greys);
                sink->greys = NULL;
            }
        }
        cmsDeleteTransform(transform);
        result->profile_converted = differs != 0;
    } else {
        sink->transform = transform;
        result->profile_converted = 1;
    }
}

int ic_moves_colours(const uint8_t *profile, size_t count, int channels) {
    ic_sink probe;
    ic_result result;
    memset(&probe, 0, sizeof probe);
    memset(&result, 0, sizeof result);
    ic_sink_profile(&probe, profile, count, channels, &result);
    ic_sink_close(&probe);
    return result.profile_converted;
}

void ic_sink_profile(ic_sink *sink, const uint8_t *profile, size_t count, int channels, ic_result *result) {
    if (!profile || !count) return;
    if (count > (16u << 20) || sink->context) {
        result->profile_unreadable = 1;
        return;
    }
    sink->context = cmsCreateContext(NULL, NULL);
    cmsHPROFILE opened = sink->context ? cmsOpenProfileFromMemTHR(sink->context, profile, (cmsUInt32Number)count) : NULL;
    if (!opened) {
        result->profile_unreadable = 1;
        return;
    }
    convert_from(sink, opened, channels, result);
    cmsCloseProfile(opened);
}

void ic_sink_gamma(ic_sink *sink, double gamma, const double primaries[8], ic_result *result) {
    if (sink->context) return;
    sink->context = cmsCreateContext(NULL, NULL);
    if (!sink->context) return;
    cmsCIExyY white = {primaries[0], primaries[1], 1};
    cmsCIExyYTRIPLE corners = {
        {primaries[2], primaries[3], 1}, {primaries[4], primaries[5], 1}, {primaries[6], primaries[7], 1}};
    cmsToneCurve *curve = cmsBuildGamma(sink->context, 1 / gamma);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = curve ? cmsCreateRGBProfileTHR(sink->context, &white, &corners, curves) : NULL;
    if (profile) {
        convert_from(sink, profile, 3, result);
        cmsCloseProfile(profile);
    }
    if (curve) cmsFreeToneCurve(curve);
}

/* What sixteen overprints of offset inks on coated paper look like (after ISO 12647-2's solids, paper made white).
   A pixel lies between them by the area that each ink covers; mixing encoded values stands for the spread of light in paper. */
static const uint8_t overprints[16][3] = {
    {255, 255, 255}, {0, 158, 224}, {226, 0, 122}, {49, 39, 131}, {255, 237, 0}, {0, 150, 64}, {227, 6, 19}, {52, 50, 48},
    {27, 27, 25}, {0, 20, 32}, {30, 4, 16}, {8, 6, 18}, {30, 28, 2}, {2, 20, 10}, {30, 4, 4}, {0, 0, 0}};

static void inks_to_light(uint8_t *row, uint32_t count, int inverted) {
    for (uint32_t i = 0; i < count; i++, row += 4) {
        uint32_t ink[4];
        for (int c = 0; c < 4; c++) ink[c] = inverted ? 255u - row[c] : row[c];
        uint32_t weights[16] = {1};
        int filled = 1;
        for (int c = 0; c < 4; c++) {
            for (int k = 0; k < filled; k++) {
                weights[filled + k] = weights[k] * ink[c];
                weights[k] *= 255u - ink[c];
            }
            filled *= 2;
        }
        uint64_t sums[3] = {0, 0, 0};
        for (int k = 0; k < 16; k++)
            for (int c = 0; c < 3; c++) sums[c] += (uint64_t)weights[k] * overprints[k][c];
        for (int c = 0; c < 3; c++) row[c] = (uint8_t)((sums[c] + 2114125312u) / 4228250625u);
        row[3] = 255;
    }
}

static void place(ic_sink *sink, const uint8_t *line) {
    uint32_t y = sink->next++, w = sink->out_width, h = sink->out_height;
    if (y >= h) return;
    const uint32_t *from = (const uint32_t *)(const void *)line;
    uint32_t *out = (uint32_t *)(void *)sink->out;
    switch (sink->orientation) {
    case 1: memcpy(out + (size_t)y * w, from, (size_t)w * 4); break;
    case 2: for (uint32_t x = 0; x < w; x++) out[(size_t)y * w + (w - 1 - x)] = from[x]; break;
    case 3: for (uint32_t x = 0; x < w; x++) out[(size_t)(h - 1 - y) * w + (w - 1 - x)] = from[x]; break;
    case 4: memcpy(out + (size_t)(h - 1 - y) * w, from, (size_t)w * 4); break;
    case 5: for (uint32_t x = 0; x < w; x++) out[(size_t)x * h + y] = from[x]; break;
    case 6: for (uint32_t x = 0; x < w; x++) out[(size_t)x * h + (h - 1 - y)] = from[x]; break;
    case 7: for (uint32_t x = 0; x < w; x++) out[(size_t)(w - 1 - x) * h + (h - 1 - y)] = from[x]; break;
    default: for (uint32_t x = 0; x < w; x++) out[(size_t)(w - 1 - x) * h + y] = from[x]; break;
    }
}

static void flush_cells(ic_sink *sink) {
    uint32_t last = sink->width - (sink->out_width - 1) * sink->divisor;
    for (uint32_t x = 0; x < sink->out_width; x++) {
        uint32_t cells = (x + 1 == sink->out_width ? last : sink->divisor) * sink->gathered;
        for (int c = 0; c < 4; c++) sink->line[x * 4 + c] = (uint8_t)((sink->sums[x * 4 + c] + cells / 2) / cells);
    }
    memset(sink->sums, 0, (size_t)sink->out_width * 4 * sizeof *sink->sums);
    sink->gathered = 0;
    place(sink, sink->line);
}

void ic_sink_row(ic_sink *sink, uint8_t *row) {
    uint32_t width = sink->width;
    if (sink->greys) {
        for (uint32_t i = 0; i < width; i++) memcpy(row + i * 4, sink->greys + row[i * 4] * 3, 3);
    } else if (sink->transform) {
        cmsDoTransform(sink->transform, row, row, width);
        if (sink->is_cmyk)
            for (uint32_t i = 0; i < width; i++) row[i * 4 + 3] = 255;
    } else if (sink->is_cmyk) {
        inks_to_light(row, width, sink->is_inverted);
    }
    if (sink->has_alpha) {
        uint8_t least = sink->least_alpha;
        for (uint32_t i = 0; i < width; i++) {
            uint8_t *p = row + i * 4;
            uint32_t a = p[3];
            if (a == 255) continue;
            if (a < least) least = (uint8_t)a;
            for (int c = 0; c < 3; c++) {
                uint32_t v = p[c] * a + 128;
                p[c] = (uint8_t)((v + (v >> 8)) >> 8);
            }
        }
        sink->least_alpha = least;
    }
    if (sink->is_scaling) {
        ic_scaler_row(&sink->scaler, row);
        return;
    }
    if (sink->divisor == 1) {
        place(sink, row);
        return;
    }
    uint32_t divisor = sink->divisor;
    for (uint32_t x = 0, i = 0; x < sink->out_width; x++) {
        uint32_t end = i + divisor < width ? i + divisor : width;
        uint32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (; i < end; i++) {
            const uint8_t *p = row + (size_t)i * 4;
            s0 += p[0];
            s1 += p[1];
            s2 += p[2];
            s3 += p[3];
        }
        uint32_t *sum = sink->sums + (size_t)x * 4;
        sum[0] += s0;
        sum[1] += s1;
        sum[2] += s2;
        sum[3] += s3;
    }
    if (++sink->gathered == divisor) flush_cells(sink);
}

void ic_sink_finish(ic_sink *sink) {
    if (sink->gathered) flush_cells(sink);
}
