#include "include/image_codec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The cells of one axis: from where to where, and how much of the first and last pixel belongs in, of 256. */
typedef struct cell {
    uint32_t first;
    uint32_t last;
    uint32_t first_share;
    uint32_t last_share;
} cell;

static cell *cells_of(double start, double length, uint32_t source, uint32_t count) {
    cell *cells = malloc((size_t)count * sizeof *cells);
    if (!cells) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        double from = start + length * i / count, to = start + length * (i + 1) / count;
        if (from < 0) from = 0;
        if (to > source) to = source;
        if (from > source - 1) from = source - 1;
        if (to <= from) to = from + 1.0 / 256;
        uint32_t first = (uint32_t)from, last = (uint32_t)ceil(to) - 1;
        if (last >= source) last = source - 1;
        if (last < first) last = first;
        cell c = {first, last, 256, 256};
        if (first == last) {
            c.first_share = (uint32_t)lround((to - from) * 256);
        } else {
            c.first_share = (uint32_t)lround((first + 1 - from) * 256);
            c.last_share = (uint32_t)lround((to - last) * 256);
        }
        if (!c.first_share) c.first_share = 1;
        cells[i] = c;
    }
    return cells;
}

ic_status ic_average(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *out, uint32_t width, uint32_t height) {
    if (!source_width || !source_height || !width || !height) return IC_OK;
    cell *across = cells_of(part.x, part.width, source_width, width);
    cell *down = cells_of(part.y, part.height, source_height, height);
    uint64_t *sums = malloc((size_t)width * 4 * sizeof *sums);
    ic_status status = across && down && sums ? IC_OK : IC_NO_MEMORY;
    for (uint32_t y = 0; status == IC_OK && y < height; y++) {
        memset(sums, 0, (size_t)width * 4 * sizeof *sums);
        uint64_t rows = 0;
        for (uint32_t sy = down[y].first; sy <= down[y].last; sy++) {
            uint32_t row_share = sy == down[y].first ? down[y].first_share : sy == down[y].last ? down[y].last_share : 256;
            if (!row_share) continue;
            rows += row_share;
            const uint8_t *row = source + (size_t)sy * source_width * 4;
            for (uint32_t x = 0; x < width; x++) {
                cell c = across[x];
                const uint8_t *p = row + (size_t)c.first * 4;
                uint32_t s0 = p[0] * c.first_share, s1 = p[1] * c.first_share, s2 = p[2] * c.first_share,
                         s3 = p[3] * c.first_share;
                if (c.last > c.first) {
                    uint32_t m0 = 0, m1 = 0, m2 = 0, m3 = 0;
                    p += 4;
                    for (uint32_t sx = c.first + 1; sx < c.last; sx++, p += 4) {
                        m0 += p[0];
                        m1 += p[1];
                        m2 += p[2];
                        m3 += p[3];
                    }
                    s0 += (m0 << 8) + p[0] * c.last_share;
                    s1 += (m1 << 8) + p[1] * c.last_share;
                    s2 += (m2 << 8) + p[2] * c.last_share;
                    s3 += (m3 << 8) + p[3] * c.last_share;
                }
                uint64_t *sum = sums + (size_t)x * 4;
                sum[0] += (uint64_t)s0 * row_share;
                sum[1] += (uint64_t)s1 * row_share;
                sum[2] += (uint64_t)s2 * row_share;
                sum[3] += (uint64_t)s3 * row_share;
            }
        }
        for (uint32_t x = 0; x < width; x++) {
            cell c = across[x];
            uint64_t columns = c.first_share;
            if (c.last > c.first) columns += c.last_share + (uint64_t)(c.last - c.first - 1) * 256;
            uint64_t area = columns * rows;
            for (int k = 0; k < 4; k++)
                out[((size_t)y * width + x) * 4 + k] = (uint8_t)((sums[(size_t)x * 4 + k] + area / 2) / area);
        }
    }
    free(across);
    free(down);
    free(sums);
    return status;
}

/* One box blur of `count` values that stand `step` apart, read from `in` and written to `out`; edges are repeated. */
static void blur_line(const uint16_t *in, uint16_t *out, uint32_t count, size_t step, uint32_t radius) {
    uint64_t sum = (uint64_t)in[0] * (radius + 1);
    uint32_t size = radius * 2 + 1;
    for (uint32_t i = 1; i <= radius; i++) sum += in[(i < count ? i : count - 1) * step];
    for (uint32_t i = 0; i < count; i++) {
        out[i * step] = (uint16_t)((sum + radius) / size);
        uint32_t enters = i + radius + 1 < count ? i + radius + 1 : count - 1;
        uint32_t leaves = i > radius ? i - radius : 0;
        sum += in[enters * step];
        sum -= in[leaves * step];
    }
}

ic_status ic_blur(uint16_t *pixels, uint32_t width, uint32_t height, double deviation) {
    if (!width || !height || deviation < 0.3) return IC_OK;
    uint32_t radius = (uint32_t)lround((sqrt(4 * deviation * deviation + 1) - 1) / 2);
    if (radius < 1) radius = 1;
    uint16_t *other = malloc((size_t)width * height * 4 * sizeof *other);
    if (!other) return IC_NO_MEMORY;
    uint16_t *from = pixels, *to = other;
    for (int pass = 0; pass < 6; pass++) {
        if (pass < 3) {
            for (uint32_t y = 0; y < height; y++)
                for (int c = 0; c < 4; c++) {
                    size_t at = (size_t)y * width * 4 + c;
                    blur_line(from + at, to + at, width, 4, radius);
                }
        } else {
            for (size_t at = 0; at < (size_t)width * 4; at++)
                blur_line(from + at, to + at, height, (size_t)width * 4, radius);
        }
        uint16_t *swap = from;
        from = to;
        to = swap;
    }
    free(other);
    return IC_OK;
}

static const uint8_t dither[8][8] = {
    {0, 128, 32, 160, 8, 136, 40, 168}, {192, 64, 224, 96, 200, 72, 232, 104}, {48, 176, 16, 144, 56, 184, 24, 152},
    {240, 112, 208, 80, 248, 120, 216, 88}, {12, 140, 44, 172, 4, 132, 36, 164}, {204, 76, 236, 108, 196, 68, 228, 100},
    {60, 188, 28, 156, 52, 180, 20, 148}, {252, 124, 220, 92, 244, 116, 212, 84}};

ic_status ic_spread(
    const uint16_t *source, uint32_t source_width, uint32_t source_height, uint8_t *out, uint32_t width, uint32_t height) {
    if (!source_width || !source_height || !width || !height) return IC_OK;
    uint32_t *row = malloc((size_t)source_width * 4 * sizeof *row);
    uint32_t *lefts = malloc((size_t)width * 2 * sizeof *lefts);
    if (!row || !lefts) {
        free(row);
        free(lefts);
        return IC_NO_MEMORY;
    }
    for (uint32_t x = 0; x < width; x++) {
        int64_t u = ((2 * (int64_t)x + 1) * source_width * 256 / width - 256) / 2;
        if (u < 0) u = 0;
        if (u > (int64_t)(source_width - 1) * 256) u = (int64_t)(source_width - 1) * 256;
        lefts[x * 2] = (uint32_t)(u >> 8);
        lefts[x * 2 + 1] = (uint32_t)(u & 255);
    }
    for (uint32_t y = 0; y < height; y++) {
        int64_t v = ((2 * (int64_t)y + 1) * source_height * 256 / height - 256) / 2;
        if (v < 0) v = 0;
        if (v > (int64_t)(source_height - 1) * 256) v = (int64_t)(source_height - 1) * 256;
        uint32_t low = (uint32_t)(v & 255);
        const uint16_t *a = source + (size_t)(v >> 8) * source_width * 4;
        const uint16_t *b = low ? a + (size_t)source_width * 4 : a;
        for (uint32_t i = 0; i < source_width * 4; i++) row[i] = a[i] * (256 - low) + b[i] * low;
        uint8_t *to = out + (size_t)y * width * 4;
        const uint8_t *pattern = dither[y & 7];
        for (uint32_t x = 0; x < width; x++, to += 4) {
            uint32_t near = lefts[x * 2 + 1];
            const uint32_t *p = row + (size_t)lefts[x * 2] * 4, *q = near ? p + 4 : p;
            uint32_t shade = pattern[x & 7];
            /* 65280 * 256 * 256 is the most that a product can be: it fits 32 bits. */
            to[0] = (uint8_t)((((p[0] * (256 - near) + q[0] * near) >> 16) + shade) >> 8);
            to[1] = (uint8_t)((((p[1] * (256 - near) + q[1] * near) >> 16) + shade) >> 8);
            to[2] = (uint8_t)((((p[2] * (256 - near) + q[2] * near) >> 16) + shade) >> 8);
            to[3] = 255;
        }
    }
    free(row);
    free(lefts);
    return IC_OK;
}

void ic_darken(uint8_t *pixels, const uint8_t *shade, size_t count) {
    for (size_t i = 0; i < count * 4; i += 4)
        for (int c = 0; c < 3; c++) pixels[i + c] = (uint8_t)((pixels[i + c] * shade[i + c] + 127) / 255);
}
