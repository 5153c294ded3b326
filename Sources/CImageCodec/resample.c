#include "include/image_codec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Weights are 14-bit fixed point and always add up to 16384, so that a flat colour stays what it is and every machine makes the
   same bytes. Between the passes a value is 64 times a byte. */
enum { ONE = 16384 };
static const double PI = 3.14159265358979323846;

typedef struct taps {
    uint32_t count;   /* of weights a pixel, even */
    int32_t *first;   /* the first source pixel of each */
    int16_t *weights;
} taps;

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

static void drop(taps *t) {
    free(t->first);
    free(t->weights);
    memset(t, 0, sizeof *t);
}

static int fill(taps *t, double start, double length, uint32_t source, uint32_t out) {
    double step = length / out, scale = step > 1 ? step : 1, reach = (step > 1 ? 3 : 2) * scale;
    uint32_t count = ((uint32_t)ceil(reach * 2) + 2) & ~1u;
    if (count > ((source + 1) & ~1u)) count = (source + 1) & ~1u;
    t->count = count;
    t->first = malloc((size_t)out * sizeof *t->first);
    t->weights = calloc((size_t)out * count, sizeof *t->weights);
    double *exact = malloc((size_t)count * sizeof *exact);
    if (!t->first || !t->weights || !exact) {
        free(exact);
        drop(t);
        return 0;
    }
    for (uint32_t i = 0; i < out; i++) {
        double centre = start + (i + 0.5) * step;
        int64_t first = (int64_t)ceil(centre - reach - 0.5);
        if (first < 0) first = 0;
        if (first + count > source) first = source > count ? (int64_t)source - count : 0;
        double sum = 0;
        for (uint32_t k = 0; k < count; k++) {
            double x = (first + k + 0.5 - centre) / scale;
            exact[k] = first + k < source ? (step > 1 ? lanczos3(x) : catmull_rom(x)) : 0;
            sum += exact[k];
        }
        int16_t *weights = t->weights + (size_t)i * count;
        int32_t left = ONE;
        uint32_t largest = 0;
        if (fabs(sum) < 1e-6) {
            exact[0] = 1;
            sum = 1;
        }
        for (uint32_t k = 0; k < count; k++) {
            int32_t w = (int32_t)lround(exact[k] / sum * ONE);
            w = w > 32767 ? 32767 : w < -32768 ? -32768 : w;
            weights[k] = (int16_t)w;
            left -= w;
            if (w > weights[largest]) largest = k;
        }
        weights[largest] = (int16_t)(weights[largest] + left);
        t->first[i] = (int32_t)first;
    }
    free(exact);
    return 1;
}

static void across_row(const uint8_t *row, uint32_t source, const taps *t, uint32_t width, int16_t *out) {
    uint32_t count = t->count;
    for (uint32_t i = 0; i < width; i++) {
        const int16_t *weights = t->weights + (size_t)i * count;
        const uint8_t *p = row + (size_t)t->first[i] * 4;
        uint32_t there = source - (uint32_t)t->first[i] < count ? source - (uint32_t)t->first[i] : count;
        uint32_t k = 0;
#if defined(__SSE2__)
        __m128i sum = _mm_set1_epi32(128), zero = _mm_setzero_si128();
        for (; k + 2 <= there; k += 2) {
            int32_t pair;
            memcpy(&pair, weights + k, 4);
            __m128i two = _mm_loadl_epi64((const __m128i *)(const void *)(p + (size_t)k * 4));
            two = _mm_unpacklo_epi8(_mm_unpacklo_epi8(two, _mm_srli_si128(two, 4)), zero);
            sum = _mm_add_epi32(sum, _mm_madd_epi16(two, _mm_set1_epi32(pair)));
        }
        int32_t sums[4];
        _mm_storeu_si128((__m128i *)(void *)sums, sum);
#else
        int32_t sums[4] = {128, 128, 128, 128};
#endif
        for (; k < there; k++)
            for (int c = 0; c < 4; c++) sums[c] += p[k * 4 + c] * weights[k];
        for (int c = 0; c < 4; c++) {
            int32_t v = sums[c] >> 8;
            out[i * 4 + c] = (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
        }
    }
}

static void down_rows(int16_t *const *rows, const int16_t *weights, uint32_t count, uint32_t width, uint8_t *out) {
    uint32_t values = width * 4, i = 0;
#if defined(__SSE2__)
    for (; i + 8 <= values; i += 8) {
        __m128i low = _mm_set1_epi32(1 << 19), high = low;
        for (uint32_t k = 0; k < count; k += 2) {
            int32_t pair;
            memcpy(&pair, weights + k, 4);
            __m128i w = _mm_set1_epi32(pair);
            __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(rows[k] + i));
            __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(rows[k + 1] + i));
            low = _mm_add_epi32(low, _mm_madd_epi16(_mm_unpacklo_epi16(a, b), w));
            high = _mm_add_epi32(high, _mm_madd_epi16(_mm_unpackhi_epi16(a, b), w));
        }
        __m128i both = _mm_packs_epi32(_mm_srai_epi32(low, 20), _mm_srai_epi32(high, 20));
        __m128i bytes = _mm_packus_epi16(both, both);
        _mm_storel_epi64((__m128i *)(void *)(out + i), bytes);
    }
#endif
    for (; i < values; i++) {
        int32_t sum = 1 << 19;
        for (uint32_t k = 0; k < count; k++) sum += rows[k][i] * weights[k];
        sum >>= 20;
        out[i] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
    /* Ringing must not make a colour brighter than its own cover. */
    for (uint32_t x = 0; x < width; x++) {
        uint8_t *p = out + (size_t)x * 4;
        if (p[3] == 255) continue;
        for (int c = 0; c < 3; c++)
            if (p[c] > p[3]) p[c] = p[3];
    }
}

typedef void (*take_row)(void *place, uint32_t y, const uint8_t *row);

static ic_status resample(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part, uint32_t width, uint32_t height,
    take_row take, void *place) {
    if (!source_width || !source_height || !width || !height || !(part.width > 0) || !(part.height > 0)) return IC_OK;
    taps across = {0}, down = {0};
    if (!fill(&across, part.x, part.width, source_width, width)) return IC_NO_MEMORY;
    if (!fill(&down, part.y, part.height, source_height, height)) {
        drop(&across);
        return IC_NO_MEMORY;
    }
    uint32_t ring = down.count;
    size_t stride = (size_t)width * 4;
    int16_t *held = malloc(stride * ring * sizeof *held);
    int16_t **rows = malloc(ring * sizeof *rows);
    int64_t *holds = malloc(ring * sizeof *holds);
    uint8_t *line = malloc(stride);
    ic_status status = held && rows && holds && line ? IC_OK : IC_NO_MEMORY;
    if (status == IC_OK) {
        for (uint32_t k = 0; k < ring; k++) holds[k] = -1;
        for (uint32_t y = 0; y < height; y++) {
            for (uint32_t k = 0; k < ring; k++) {
                int64_t wanted = (int64_t)down.first[y] + k;
                if (wanted >= source_height) wanted = source_height - 1;
                uint32_t at = (uint32_t)(wanted % ring);
                rows[k] = held + at * stride;
                if (holds[at] == wanted) continue;
                across_row(source + (size_t)wanted * source_width * 4, source_width, &across, width, rows[k]);
                holds[at] = wanted;
            }
            down_rows(rows, down.weights + (size_t)y * ring, ring, width, line);
            take(place, y, line);
        }
    }
    free(held);
    free(rows);
    free(holds);
    free(line);
    drop(&across);
    drop(&down);
    return status;
}

typedef struct canvas {
    uint8_t *pixels;
    uint32_t width;
    int64_t x;
    int64_t y;
    uint32_t visible;
    const uint16_t *across;
    const uint16_t *down;
} canvas;

static void copy_row(void *place, uint32_t y, const uint8_t *row) {
    const canvas *to = place;
    memcpy(to->pixels + (size_t)y * to->width * 4, row, (size_t)to->width * 4);
}

static void lay_row(void *place, uint32_t y, const uint8_t *row) {
    const canvas *to = place;
    uint8_t *out = to->pixels + ((size_t)(to->y + y) * to->width + (size_t)to->x) * 4;
    const uint8_t *from = row;
    uint32_t rows_share = to->down[y];
    for (uint32_t i = 0; i < to->visible; i++, out += 4, from += 4) {
        uint32_t share = rows_share * to->across[i];   /* of 65536 */
        if (share == 65536 && from[3] == 255) {
            memcpy(out, from, 4);
            continue;
        }
        uint32_t cover = (from[3] * share + 127) / 255;            /* of 65536 */
        for (int c = 0; c < 4; c++)
            out[c] = (uint8_t)((from[c] * share + out[c] * (65536 - cover) + 32768) >> 16);
    }
}

ic_status ic_resample(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *out, uint32_t width, uint32_t height) {
    canvas to = {.pixels = out, .width = width};
    return resample(source, source_width, source_height, part, width, height, copy_row, &to);
}

ic_status ic_draw(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *frame, uint32_t frame_width, uint32_t frame_height,
    int32_t x, int32_t y, uint32_t width, uint32_t height, const uint16_t *across, const uint16_t *down) {
    int64_t left = x < 0 ? -(int64_t)x : 0, right = (int64_t)frame_width - x;
    int64_t top = y < 0 ? -(int64_t)y : 0, bottom = (int64_t)frame_height - y;
    if (right > width) right = width;
    if (bottom > height) bottom = height;
    if (left >= right || top >= bottom) return IC_OK;
    uint32_t visible = (uint32_t)(right - left), rows = (uint32_t)(bottom - top);
    ic_part seen = {
        part.x + part.width * (double)left / width, part.y + part.height * (double)top / height,
        part.width * visible / width, part.height * rows / height};
    canvas to = {
        .pixels = frame, .width = frame_width, .x = x + left, .y = y + top, .visible = visible, .across = across + left,
        .down = down + top};
    return resample(source, source_width, source_height, seen, visible, rows, lay_row, &to);
}
