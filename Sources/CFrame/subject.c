// The ground as it would be without its product.
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

void frame_blur(float *map, float *spare, int w, int h, int radius) {
    if (radius < 1) return;
    float scale = 1.0f / (float)(2 * radius + 1);
    for (int pass = 0; pass < 3; pass++) {
        for (int y = 0; y < h; y++) {
            float *in = map + (size_t)y * (size_t)w, *out = spare + (size_t)y * (size_t)w, sum = 0;
            for (int i = -radius; i <= radius; i++) sum += in[i < 0 ? 0 : i >= w ? w - 1 : i];
            for (int x = 0; x < w; x++) {
                out[x] = sum * scale;
                sum += in[x + radius + 1 < w ? x + radius + 1 : w - 1] - in[x - radius > 0 ? x - radius : 0];
            }
        }
        for (int x = 0; x < w; x++) {
            float sum = 0;
            for (int i = -radius; i <= radius; i++) sum += spare[(size_t)(i < 0 ? 0 : i >= h ? h - 1 : i) * (size_t)w + (size_t)x];
            for (int y = 0; y < h; y++) {
                map[(size_t)y * (size_t)w + (size_t)x] = sum * scale;
                int next = y + radius + 1 < h ? y + radius + 1 : h - 1, last = y - radius > 0 ? y - radius : 0;
                sum += spare[(size_t)next * (size_t)w + (size_t)x] - spare[(size_t)last * (size_t)w + (size_t)x];
            }
        }
    }
}

/* Widens what is marked by that radius each way: along rows, a count of what is marked within reach, and down columns the same. */
static void widen(float *map, float *spare, int w, int h, int radius) {
    for (int y = 0; y < h; y++) {
        const float *row = map + (size_t)y * (size_t)w;
        float *out = spare + (size_t)y * (size_t)w, near = 0;
        for (int x = 0; x < radius && x < w; x++) near += row[x];
        for (int x = 0; x < w; x++) {
            if (x + radius < w) near += row[x + radius];
            if (x > radius) near -= row[x - radius - 1];
            out[x] = near > 0 ? 1 : 0;
        }
    }
    for (int y = 0; y < h; y++) {
        const int from = y > radius ? y - radius : 0, to = y + radius < h ? y + radius : h - 1;
        float *out = map + (size_t)y * (size_t)w;
        memset(out, 0, sizeof(float) * (size_t)w);
        for (int v = from; v <= to; v++) for (int x = 0; x < w; x++) out[x] = fmaxf(out[x], spare[(size_t)v * (size_t)w + (size_t)x]);
    }
}

#define RIM 4           /* cells around the product that move with it: what its matte has missed of it */
#define SMOOTHINGS 4
#define LEAST 0.003f    /* of what was blurred: less than that is rounding */

/* Each cell of weight 0 becomes the mean of those around it. */
static void smooth(float *values, const float *weight, int w, int h) {
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        const size_t at = (size_t)y * (size_t)w + (size_t)x;
        if (weight[at] > 0) continue;
        const float *left = values + 3 * (x > 0 ? at - 1 : at), *right = values + 3 * (x + 1 < w ? at + 1 : at);
        const float *above = values + 3 * (y > 0 ? at - (size_t)w : at), *below = values + 3 * (y + 1 < h ? at + (size_t)w : at);
        for (int c = 0; c < 3; c++) values[3 * at + (size_t)c] = (left[c] + right[c] + above[c] + below[c]) / 4;
    }
}

/* Spreads what is known, three values a cell, over the cells of weight 0, as a skin is stretched over a hole: averages of averages
   until all is known, and back down, smoothed on every step. */
static int spread(float *values, float *weight, int w, int h) {
    const int half_w = (w + 1) / 2, half_h = (h + 1) / 2;
    const size_t half = (size_t)half_w * (size_t)half_h;
    int is_whole = 1;
    for (size_t i = 0; i < (size_t)w * (size_t)h; i++) is_whole &= weight[i] > 0;
    if (is_whole || (w == 1 && h == 1)) return 1;
    float *small = calloc(4 * half, sizeof(float)), *known = small ? small + 3 * half : NULL;
    if (!small) return 0;
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        const size_t at = (size_t)y * (size_t)w + (size_t)x, to = (size_t)(y / 2) * (size_t)half_w + (size_t)(x / 2);
        if (weight[at] <= 0) continue;
        for (int c = 0; c < 3; c++) small[3 * to + c] += values[3 * at + c];
        known[to] += 1;
    }
    for (size_t i = 0; i < half; i++) for (int c = 0; c < 3; c++) small[3 * i + c] /= fmaxf(known[i], 1);
    const int good = spread(small, known, half_w, half_h);
    for (int y = 0; good && y < h; y++) for (int x = 0; x < w; x++) {
        const size_t at = (size_t)y * (size_t)w + (size_t)x;
        if (weight[at] > 0) continue;
        const float fx = frame_clamp((float)x * 0.5f - 0.25f, 0, (float)(half_w - 1)), fy = frame_clamp((float)y * 0.5f - 0.25f, 0, (float)(half_h - 1));
        const int x0 = (int)fx, y0 = (int)fy, x1 = x0 + 1 < half_w ? x0 + 1 : x0, y1 = y0 + 1 < half_h ? y0 + 1 : y0;
        const float *a = small + 3 * (size_t)y0 * (size_t)half_w, *b = small + 3 * (size_t)y1 * (size_t)half_w;
        for (int c = 0; c < 3; c++) {
            const float top = a[3 * x0 + c] + (a[3 * x1 + c] - a[3 * x0 + c]) * (fx - (float)x0);
            const float low = b[3 * x0 + c] + (b[3 * x1 + c] - b[3 * x0 + c]) * (fx - (float)x0);
            values[3 * at + c] = top + (low - top) * (fy - (float)y0);
        }
    }
    free(small);
    for (int turn = 0; good && turn < SMOOTHINGS; turn++) smooth(values, weight, w, h);
    return good;
}

/* Counts the columns of cells in which some of the product lies, for every CELL rows of the picture. */
static void fill_tiles(frame_scene *s, const float *near) {
    const int w = s->map_width, h = s->map_height, H = s->height;
    for (int k = 0; k + 1 < s->nodes_y; k++) {
        uint16_t *held = s->tiles.held + k * (w + 1);
        const int from = k * CELL * h / H, to = ((k + 1) * CELL * h + H - 1) / H;
        for (int x = 0; x < w; x++) {
            int is_held = 0;
            for (int y = from; y < to && y < h; y++) is_held |= near[(size_t)y * (size_t)w + (size_t)x] > LEAST;
            held[x + 1] = (uint16_t)(held[x] + is_held);
        }
    }
}

/* Cells: the mean colour of each, of every other pixel, and whether any of it is product. */
static void fill_cells(const frame_source *source, int w, int h, float *values, float *is_product) {
    const int W = source->width, H = source->height;
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        const size_t at = (size_t)y * (size_t)w + (size_t)x;
        const int x0 = x * W / w, x1 = (x + 1) * W / w, y0 = y * H / h, y1 = (y + 1) * H / h;
        int sums[3] = { 0, 0, 0 }, count = 0, marks = 0;
        for (int j = y0; j < y1; j++) for (int i = x0; i < x1; i++) marks |= source->matte[(size_t)j * (size_t)W + (size_t)i];
        is_product[at] = marks > 4;
        if (marks <= 4) for (int j = y0; j < y1; j += 2) for (int i = x0; i < x1; i += 2, count++) {
            const uint8_t *pixel = source->rgba + 4 * ((size_t)j * (size_t)W + (size_t)i);
            for (int c = 0; c < 3; c++) sums[c] += pixel[c];
        }
        for (int c = 0; c < 3; c++) values[3 * at + (size_t)c] = count ? (float)sums[c] / (float)count : 0;
    }
}

/* Where a pixel lies between two cells. */
typedef struct { int first, second; float share; } frame_between;

static frame_between between_cells(int pixel, int pixels, int cells) {
    const float at = frame_clamp(((float)pixel + 0.5f) * (float)cells / (float)pixels - 0.5f, 0, (float)(cells - 1));
    const int first = (int)at;
    return (frame_between){ first, first + 1 < cells ? first + 1 : first, at - (float)first };
}

/* Lays a row of what was made over a row of the picture, as much of it as the cells say; `line` has room for four values a cell. */
static void lay_row(const float *values, const float *near, int w, int W, const frame_between *down, const frame_between *across, float *line, uint8_t *out) {
    const size_t above = (size_t)down->first * (size_t)w, below = (size_t)down->second * (size_t)w;
    int from = w, to = 0;
    for (int x = 0; x < w; x++) {
        for (size_t c = 0; c < 3; c++) {
            const float top = values[3 * (above + (size_t)x) + c], low = values[3 * (below + (size_t)x) + c];
            line[4 * x + (int)c] = top + (low - top) * down->share;
        }
        line[4 * x + 3] = near[above + (size_t)x] + (near[below + (size_t)x] - near[above + (size_t)x]) * down->share;
        if (line[4 * x + 3] <= LEAST) continue;
        if (x < from) from = x;
        to = x + 1;
    }
    const int last = (to + 1) * W / w < W ? (to + 1) * W / w : W;
    for (int x = from > 0 ? (from - 1) * W / w : 0; x < last; x++) {
        const float *a = line + 4 * across[x].first, *b = line + 4 * across[x].second, share = across[x].share;
        const float part = a[3] + (b[3] - a[3]) * share;
        if (part <= LEAST) continue;
        for (int c = 0; c < 3; c++) {
            const float made = a[c] + (b[c] - a[c]) * share, here = out[4 * x + c];
            out[4 * x + c] = (uint8_t)(here + (made - here) * part + 0.5f);
        }
    }
}

int frame_make_ground(frame_scene *s, const frame_source *source, uint8_t *ground) {
    const int w = s->map_width, h = s->map_height, W = s->width, H = s->height;
    const size_t n = (size_t)w * (size_t)h;
    float *values = malloc(sizeof(float) * (6 * n + 4 * (size_t)w));
    frame_between *across = malloc(sizeof(frame_between) * (size_t)W);
    if (!values || !across) {
        free(values);
        free(across);
        return 0;
    }
    for (int x = 0; x < W; x++) across[x] = between_cells(x, W, w);
    float *weight = values + 3 * n, *near = weight + n, *spare = near + n, *line = spare + n;
    fill_cells(source, w, h, values, near);
    widen(near, spare, w, h, RIM - 1);
    for (size_t i = 0; i < n; i++) weight[i] = near[i] > 0 ? 0 : 1;
    const int good = spread(values, weight, w, h);
    widen(near, spare, w, h, 1);
    frame_blur(near, spare, w, h, 1);
    fill_tiles(s, near);
    memcpy(ground, source->rgba, 4 * (size_t)W * (size_t)H);
    for (int y = 0; good && y < H; y++) {
        const frame_between down = between_cells(y, H, h);
        if (s->tiles.held[(y / CELL + 1) * (w + 1) - 1]) lay_row(values, near, w, W, &down, across, line, ground + 4 * (size_t)y * (size_t)W);
    }
    free(values);
    free(across);
    return good;
}
