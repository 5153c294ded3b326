#include "cutout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_SIDE = 384 };

/* What a row of cells is averaged and turned into OKLab with: sums of its columns, and three numbers a cell. */
typedef struct row_room {
    uint32_t *columns;
    float *cones[3];
} row_room;

static float linear(float value) {
    float v = value / 255;
    return v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f);
}

/* What is linear of each sum of a whole cell's pixels, as far as it was asked for; 0 where it was not. */
typedef struct curve {
    uint32_t area;
    float *light;
} curve;

static float linear_of(const curve *curve, uint32_t sum, uint32_t area) {
    if (area != curve->area) return linear((float)sum / (float)area);
    if (curve->light[sum] == 0) curve->light[sum] = linear((float)sum / (float)area);
    return curve->light[sum];
}

/* Of what is not negative: a third of the exponent, then Halley's step twice. Unlike cbrtf, many go at once. */
static inline float cube_root(float value) {
    const float x = value > 1e-15f ? value : 1e-15f;
    uint32_t bits;
    float root;
    memcpy(&bits, &x, sizeof bits);
    bits = bits / 3 + 0x2A5137A0u;
    memcpy(&root, &bits, sizeof root);
    for (int i = 0; i < 2; i++) {
        float cube = root * root * root;
        root *= (cube + 2 * x) / (2 * cube + x);
    }
    return root;
}

/* https://bottosson.github.io/posts/oklab/ */
static void row_to_oklab(const row_room *room, uint32_t width, lab *out) {
    float *restrict l = room->cones[0], *restrict m = room->cones[1], *restrict s = room->cones[2];
    for (uint32_t x = 0; x < width; x++) {
        float r = l[x], g = m[x], b = s[x];
        l[x] = cube_root(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
        m[x] = cube_root(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
        s[x] = cube_root(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
    }
    for (uint32_t x = 0; x < width; x++)
        out[x] = (lab){
            100 * (0.2104542553f * l[x] + 0.7936177850f * m[x] - 0.0040720468f * s[x]),
            100 * (1.9779984951f * l[x] - 2.4285922050f * m[x] + 0.4505937099f * s[x]),
            100 * (0.0259040371f * l[x] + 0.7827717662f * m[x] - 0.8086757660f * s[x])};
}

/* A row of cells, each weighed with those around it. */
static void weigh_row(const ic_map *map, uint32_t y, const float weights[9], lab *out) {
    const uint32_t width = map->width, around[3] = {y ? y - 1 : y, y, y + 1 < map->height ? y + 1 : y};
    const float *rows[3];
    for (int v = 0; v < 3; v++) rows[v] = &map->colour[(size_t)around[v] * width].l;
    float *restrict sums = &out->l;
    for (uint32_t i = 3; i + 3 < width * 3; i++) {
        float sum = 0;
        for (int v = 0; v < 3; v++)
            for (int u = 0; u < 3; u++) sum += weights[v * 3 + u] * rows[v][i + 3 * (uint32_t)u - 3];
        sums[i] = sum;
    }
    for (uint32_t end = 0; end < 2; end++) {
        const uint32_t x = end ? width - 1 : 0, columns[3] = {x ? x - 1 : x, x, x + 1 < width ? x + 1 : x};
        for (uint32_t c = 0; c < 3; c++) {
            float sum = 0;
            for (int v = 0; v < 3; v++)
                for (int u = 0; u < 3; u++) sum += weights[v * 3 + u] * rows[v][columns[u] * 3 + c];
            sums[x * 3 + c] = sum;
        }
    }
}

/* Takes the grain out. */
static void smooth(ic_map *map) {
    static const float binomial[9] = {0.0625f, 0.125f, 0.0625f, 0.125f, 0.25f, 0.125f, 0.0625f, 0.125f, 0.0625f};
    for (uint32_t y = 0; y < map->height; y++) weigh_row(map, y, binomial, map->ground + (size_t)y * map->width);
    lab *colour = map->ground;
    map->ground = map->colour;
    map->colour = colour;
}

/* Sobel's operator, which grain hardly moves, as the change from one cell to the next. The ground, not known yet, is its room. */
static void find_edges(ic_map *map) {
    static const float rightwards[9] = {-0.125f, 0, 0.125f, -0.25f, 0, 0.25f, -0.125f, 0, 0.125f};
    static const float downwards[9] = {-0.125f, -0.25f, -0.125f, 0, 0, 0, 0.125f, 0.25f, 0.125f};
    static const lab none = {0, 0, 0};
    lab *across = map->ground, *down = map->ground + map->width;
    for (uint32_t y = 0; y < map->height; y++) {
        float *edge = map->edge + (size_t)y * map->width;
        weigh_row(map, y, rightwards, across);
        weigh_row(map, y, downwards, down);
        for (uint32_t x = 0; x < map->width; x++) {
            float right = apart(across[x], none), below = apart(down[x], none);
            edge[x] = sqrtf(right * right + below * below);
        }
    }
}

/* A row of cells out of its rows of pixels: first summed down, then across. */
static void average_row(
    ic_map *map, uint32_t y, const uint8_t *pixels, uint32_t width, uint32_t height, const curve *curve, const row_room *room) {
    const uint32_t top = (uint32_t)((uint64_t)y * height / map->height);
    uint32_t bottom = (uint32_t)((uint64_t)(y + 1) * height / map->height);
    if (bottom <= top) bottom = top + 1;
    uint32_t *restrict columns = room->columns;
    memset(columns, 0, (size_t)width * 4 * sizeof *columns);
    for (uint32_t v = top; v < bottom; v++) {
        const uint8_t *restrict row = pixels + (size_t)v * width * 4;
        for (uint32_t i = 0; i < width * 4; i++) columns[i] += row[i];
    }
    float *rgb = map->rgb + (size_t)y * map->width * 3;
    for (uint32_t x = 0; x < map->width; x++) {
        const uint32_t left = (uint32_t)((uint64_t)x * width / map->width);
        uint32_t right = (uint32_t)((uint64_t)(x + 1) * width / map->width), sums[3] = {0, 0, 0};
        if (right <= left) right = left + 1;
        for (uint32_t u = left; u < right; u++)
            for (int c = 0; c < 3; c++) sums[c] += columns[u * 4 + c];
        const uint32_t area = (bottom - top) * (right - left);
        for (int c = 0; c < 3; c++) {
            rgb[x * 3 + c] = (float)sums[c] / (float)area;
            room->cones[c][x] = linear_of(curve, sums[c], area);
        }
    }
    row_to_oklab(room, map->width, map->colour + (size_t)y * map->width);
}

ic_status ic_map_open(ic_map *map, const uint8_t *pixels, uint32_t width, uint32_t height) {
    memset(map, 0, sizeof *map);
    uint32_t longest = width > height ? width : height;
    uint32_t step = (longest + LONG_SIDE - 1) / LONG_SIDE;
    map->width = width / step > 8 ? width / step : 8;
    map->height = height / step > 8 ? height / step : 8;
    size_t count = (size_t)map->width * map->height;
    map->rgb = malloc(count * 3 * sizeof *map->rgb);
    map->colour = malloc(count * sizeof *map->colour);
    map->ground = malloc(count * sizeof *map->ground);
    map->edge = malloc(count * sizeof *map->edge);
    map->is_product = calloc(count, 1);
    map->mark = malloc(count);
    map->list = malloc(count * sizeof *map->list);
    curve curve = {step * step, calloc((size_t)step * step * 255 + 1, sizeof *curve.light)};
    row_room room = {malloc((size_t)width * 4 * sizeof *room.columns), {malloc((size_t)map->width * 3 * sizeof(float))}};
    ic_status status = IC_NO_MEMORY;
    if (curve.light && room.columns && room.cones[0] && map->rgb && map->colour && map->ground && map->edge && map->is_product &&
        map->mark && map->list) {
        for (int c = 1; c < 3; c++) room.cones[c] = room.cones[c - 1] + map->width;
        for (uint32_t y = 0; y < map->height; y++) average_row(map, y, pixels, width, height, &curve, &room);
        smooth(map);
        find_edges(map);
        status = IC_OK;
    } else {
        ic_map_close(map);
    }
    free(curve.light);
    free(room.columns);
    free(room.cones[0]);
    return status;
}

void ic_map_close(ic_map *map) {
    free(map->rgb);
    free(map->colour);
    free(map->ground);
    free(map->edge);
    free(map->is_product);
    free(map->mark);
    free(map->list);
    memset(map, 0, sizeof *map);
}

void ic_map_widen(uint8_t *marks, uint8_t *room, uint32_t width, uint32_t height, uint32_t reach) {
    memcpy(room, marks, (size_t)width * height);
    for (uint32_t y = 0; y < height; y++) {
        const uint8_t *restrict row = marks + (size_t)y * width;
        uint8_t *restrict out = room + (size_t)y * width;
        for (uint32_t u = 1; u <= reach && u < width; u++) {
            for (uint32_t x = u; x < width; x++) out[x] |= row[x - u];
            for (uint32_t x = u; x < width; x++) out[x - u] |= row[x];
        }
    }
    for (uint32_t y = 0; y < height; y++) {
        uint8_t *restrict out = marks + (size_t)y * width;
        memcpy(out, room + (size_t)y * width, width);
        for (uint32_t v = y > reach ? y - reach : 0; v <= y + reach && v < height; v++) {
            const uint8_t *restrict row = room + (size_t)v * width;
            for (uint32_t x = 0; x < width; x++) out[x] |= row[x];
        }
    }
}

ic_status ic_map_fill(float *values, const uint8_t *known, uint32_t width, uint32_t height) {
    /* Averages of averages until everything is known, then back down: the classic pull and push. */
    size_t count = (size_t)width * height;
    uint32_t half_width = (width + 1) / 2, half_height = (height + 1) / 2;
    size_t half = (size_t)half_width * half_height;
    float *small = malloc(half * 3 * sizeof *small);
    uint8_t *there = malloc(half);
    if (!small || !there) {
        free(small);
        free(there);
        return IC_NO_MEMORY;
    }
    int is_whole = 1, is_empty = 1;
    for (uint32_t y = 0; y < half_height; y++)
        for (uint32_t x = 0; x < half_width; x++) {
            float sums[3] = {0, 0, 0};
            int found = 0;
            const size_t first = (size_t)y * 2 * width + x * 2, below = first + width;
            if (y * 2 + 1 < height && x * 2 + 1 < width && known[first] && known[first + 1] && known[below] && known[below + 1]) {
                const float *a = values + first * 3, *b = values + below * 3;
                float *to = small + ((size_t)y * half_width + x) * 3;
                for (int c = 0; c < 3; c++) to[c] = (a[c] + a[c + 3] + b[c] + b[c + 3]) / 4;
                there[(size_t)y * half_width + x] = 1;
                is_empty = 0;
                continue;
            }
            for (uint32_t v = y * 2; v < y * 2 + 2 && v < height; v++)
                for (uint32_t u = x * 2; u < x * 2 + 2 && u < width; u++) {
                    size_t at = (size_t)v * width + u;
                    if (!known[at]) {
                        is_whole = 0;
                        continue;
                    }
                    for (int c = 0; c < 3; c++) sums[c] += values[at * 3 + c];
                    found++;
                }
            size_t to = (size_t)y * half_width + x;
            there[to] = found > 0;
            if (found) is_empty = 0;
            for (int c = 0; c < 3; c++) small[to * 3 + c] = found ? sums[c] / (float)found : 0;
        }
    ic_status status = IC_OK;
    if (!is_whole && !is_empty && count > 1) {
        status = ic_map_fill(small, there, half_width, half_height);
        for (uint32_t y = 0; y < height; y++) {
            /* A cell lies a quarter from the nearer of the two that it is between. */
            const uint32_t above = y ? (y - 1) / 2 : 0, below = above + 1 < half_height ? above + 1 : above;
            const float down = y == 0 || below == above ? 0 : y % 2 ? 0.25f : 0.75f;
            const float *upper = small + (size_t)above * half_width * 3, *lower = small + (size_t)below * half_width * 3;
            for (uint32_t x = 0; x < width; x++) {
                size_t at = (size_t)y * width + x;
                if (known[at]) continue;
                const uint32_t left = x ? (x - 1) / 2 : 0, right = left + 1 < half_width ? left + 1 : left;
                const float across = x == 0 || right == left ? 0 : x % 2 ? 0.25f : 0.75f;
                for (uint32_t c = 0; c < 3; c++) {
                    float one = upper[left * 3 + c] * (1 - across) + upper[right * 3 + c] * across;
                    float other = lower[left * 3 + c] * (1 - across) + lower[right * 3 + c] * across;
                    values[at * 3 + c] = one * (1 - down) + other * down;
                }
            }
        }
    }
    free(small);
    free(there);
    return status;
}
