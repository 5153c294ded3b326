#include "scaler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many pixels of nothing stand behind a row, so that weights may be read in eights. */
enum { ONE = 16384, SLACK = 16 };
static const double PI = 3.14159265358979323846;

static double lanczos3(double x) {
    x = fabs(x);
    if (x < 1e-9) return 1;
    if (x >= 3) return 0;
    double p = PI * x;
    return 3 * sin(p) * sin(p / 3) / (p * p);
}

static double catmull_rom(double x) {
    x = fabs(x);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
    return 0;
}

static void drop(ic_taps *taps) {
    free(taps->first);
    free(taps->weights);
    memset(taps, 0, sizeof *taps);
}

static int fill(ic_taps *taps, double start, double length, uint32_t source, uint32_t out, uint32_t unit) {
    double step = length / out, scale = step > 1 ? step : 1, reach = (step > 1 ? 3 : 2) * scale;
    uint32_t most = (uint32_t)ceil(reach * 2) + 1;
    if (most > source) most = source;
    taps->reach = most;
    taps->count = (most + unit - 1) / unit * unit;
    taps->first = malloc((size_t)out * sizeof *taps->first);
    taps->weights = calloc((size_t)out * taps->count, sizeof *taps->weights);
    double *exact = malloc((size_t)most * sizeof *exact);
    if (!taps->first || !taps->weights || !exact) {
        free(exact);
        drop(taps);
        return 0;
    }
    for (uint32_t i = 0; i < out; i++) {
        double centre = start + (i + 0.5) * step;
        double begin = ceil(centre - reach - 0.5);
        int64_t last_first = (int64_t)source - most;
        int64_t first = begin < 0 ? 0 : begin > (double)last_first ? last_first : (int64_t)begin;
        double sum = 0;
        for (uint32_t k = 0; k < most; k++) {
            double x = ((double)(first + k) + 0.5 - centre) / scale;
            exact[k] = step > 1 ? lanczos3(x) : catmull_rom(x);
            sum += exact[k];
        }
        int16_t *weights = taps->weights + (size_t)i * taps->count;
        int32_t left = ONE;
        uint32_t largest = 0;
        if (fabs(sum) < 1e-6) {
            for (uint32_t k = 0; k < most; k++) exact[k] = 0;
            exact[begin < 0 ? 0 : most - 1] = 1;
            sum = 1;
        }
        for (uint32_t k = 0; k < most; k++) {
            int32_t w = (int32_t)lround(exact[k] / sum * ONE);
            w = w > 32767 ? 32767 : w < -32768 ? -32768 : w;
            weights[k] = (int16_t)w;
            left -= w;
            if (w > weights[largest]) largest = k;
        }
        weights[largest] = (int16_t)(weights[largest] + left);
        taps->first[i] = (int32_t)first;
    }
    free(exact);
    return 1;
}

ic_status ic_scaler_open(
    ic_scaler *scaler, uint32_t channels, uint32_t source_width, uint32_t source_height, ic_part part, uint32_t width,
    uint32_t height, ic_take_row take, void *place) {
    memset(scaler, 0, sizeof *scaler);
    scaler->channels = channels;
    scaler->width = width;
    scaler->height = height;
    scaler->source_height = source_height;
    scaler->take = take;
    scaler->place = place;
    if (!fill(&scaler->across, part.x, part.width, source_width, width, channels == 1 ? 8 : 4) ||
        !fill(&scaler->down, part.y, part.height, source_height, height, 2)) {
        ic_scaler_close(scaler);
        return IC_NO_MEMORY;
    }
    int32_t left = scaler->across.first[0], right = left;
    for (uint32_t i = 0; i < width; i++) {
        if (scaler->across.first[i] < left) left = scaler->across.first[i];
        if (scaler->across.first[i] > right) right = scaler->across.first[i];
    }
    for (uint32_t i = 0; i < width; i++) scaler->across.first[i] -= left;
    scaler->left = (uint32_t)left;
    scaler->columns = (uint32_t)(right - left) + scaler->across.reach;
    scaler->ring = scaler->down.reach;
    size_t values = (size_t)scaler->columns * channels;
    scaler->held = malloc(values * scaler->ring);
    scaler->rows = malloc((size_t)scaler->down.count * sizeof *scaler->rows);
    scaler->middle = calloc(values + SLACK * channels, sizeof *scaler->middle);
    scaler->line = malloc((size_t)width * channels);
    if (!scaler->held || !scaler->rows || !scaler->middle || !scaler->line) {
        ic_scaler_close(scaler);
        return IC_NO_MEMORY;
    }
    return IC_OK;
}

/* Ringing must not make a colour brighter than its own cover. */
static void keep_under_cover(uint8_t *line, uint32_t width) {
    for (uint32_t x = 0; x < width; x++) {
        uint8_t *p = line + (size_t)x * 4;
        if (p[3] == 255) continue;
        for (int c = 0; c < 3; c++)
            if (p[c] > p[3]) p[c] = p[3];
    }
}

void ic_scaler_row(ic_scaler *scaler, const uint8_t *row) {
    uint32_t y = scaler->next_in++;
    if (y >= scaler->source_height || scaler->next_out >= scaler->height) return;
    if (y < (uint32_t)scaler->down.first[scaler->next_out]) return;
    size_t values = (size_t)scaler->columns * scaler->channels;
    memcpy(scaler->held + y % scaler->ring * values, row + (size_t)scaler->left * scaler->channels, values);
    while (scaler->next_out < scaler->height) {
        uint32_t first = (uint32_t)scaler->down.first[scaler->next_out];
        if (first + scaler->ring - 1 > y) return;
        for (uint32_t k = 0; k < scaler->down.count; k++) {
            uint32_t wanted = first + (k < scaler->ring ? k : scaler->ring - 1);
            scaler->rows[k] = scaler->held + wanted % scaler->ring * values;
        }
        ic_mix_rows(
            scaler->rows, scaler->down.weights + (size_t)scaler->next_out * scaler->down.count, scaler->down.count,
            (uint32_t)values, scaler->middle);
        ic_mix_columns(scaler->middle, &scaler->across, scaler->channels, scaler->width, scaler->line);
        if (scaler->channels == 4) keep_under_cover(scaler->line, scaler->width);
        scaler->take(scaler->place, scaler->next_out, scaler->line);
        scaler->next_out++;
    }
}

void ic_scaler_close(ic_scaler *scaler) {
    drop(&scaler->across);
    drop(&scaler->down);
    free(scaler->held);
    free(scaler->rows);
    free(scaler->middle);
    free(scaler->line);
    memset(scaler, 0, sizeof *scaler);
}
