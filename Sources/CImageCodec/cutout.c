#include "cutout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RING = 3 };

/* How far a colour lies from the ground; a ground in shadow is still that ground. */
static float apart_from_ground(lab colour, lab ground) {
    float l = colour.l - ground.l, a = colour.a - ground.a, b = colour.b - ground.b;
    if (l < 0 && l > -30) l *= 0.3f;
    return sqrtf(0.7f * l * l + 3 * (a * a + b * b));
}

static int is_border(const ic_map *map, uint32_t x, uint32_t y) {
    return x < RING || y < RING || x + RING >= map->width || y + RING >= map->height;
}

enum { COLUMNS = 10 }; /* six terms and three colours, and one for an even number */

static int solve(double m[6][COLUMNS], float out[3][6]) {
    for (int i = 0; i < 6; i++) {
        int pivot = i;
        for (int j = i + 1; j < 6; j++)
            if (fabs(m[j][i]) > fabs(m[pivot][i])) pivot = j;
        if (fabs(m[pivot][i]) < 1e-9) return 0;
        for (int k = 0; k < 9; k++) {
            double swap = m[i][k];
            m[i][k] = m[pivot][k];
            m[pivot][k] = swap;
        }
        for (int j = 0; j < 6; j++) {
            if (j == i) continue;
            double factor = m[j][i] / m[i][i];
            for (int k = i; k < 9; k++) m[j][k] -= factor * m[i][k];
        }
    }
    for (int i = 0; i < 6; i++)
        for (int c = 0; c < 3; c++) out[c][i] = (float)(m[i][6 + c] / m[i][i]);
    return 1;
}

/* The terms of a surface at a cell. */
static void terms_at(const ic_map *map, uint32_t x, uint32_t y, float t[6]) {
    float u = 2 * ((float)x + 0.5f) / (float)map->width - 1, v = 2 * ((float)y + 0.5f) / (float)map->height - 1;
    const float all[6] = {1, u, v, u * u, u * v, v * v};
    memcpy(t, all, sizeof all);
}

static lab surface_at(float surface[3][6], const float t[6]) {
    float sums[3] = {0, 0, 0};
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 6; i++) sums[c] += surface[c][i] * t[i];
    return (lab){sums[0], sums[1], sums[2]};
}

/* The surface along a row: there it is a curve. */
static void surface_row(const ic_map *map, float surface[3][6], uint32_t y) {
    float t[6], first[3], slope[3], *restrict out = &map->ground[(size_t)y * map->width].l;
    terms_at(map, 0, y, t);
    const float v = t[2];
    for (int c = 0; c < 3; c++) {
        first[c] = surface[c][0] + surface[c][2] * v + surface[c][5] * v * v;
        slope[c] = surface[c][1] + surface[c][4] * v;
    }
    for (uint32_t x = 0; x < map->width; x++) {
        const float u = 2 * ((float)x + 0.5f) / (float)map->width - 1;
        for (int c = 0; c < 3; c++) out[x * 3 + c] = first[c] + (slope[c] + surface[c][3] * u) * u;
    }
}

/* The cell after one of the border, row by row: the inner ones are stepped over. */
static uint32_t next_of_border(const ic_map *map, uint32_t x, uint32_t y) {
    return is_border(map, x + 1, y) ? x + 1 : map->width - RING;
}

/* A curved surface through most of the border's colours, that a product at the edge hardly moves. */
void ic_map_foretell(ic_map *map) {
    float surface[3][6] = {{0}}, t[6];
    int is_known = 0;
    for (int round = 0; round < 8; round++) {
        double m[6][COLUMNS] = {{0}};
        float reach = round < 3 ? 14 : 5;
        for (uint32_t y = 0; y < map->height; y++)
            for (uint32_t x = 0; x < map->width; x = next_of_border(map, x, y)) {
                lab colour = map->colour[(size_t)y * map->width + x];
                terms_at(map, x, y, t);
                double weight = 1;
                if (round) {
                    float off = apart(colour, surface_at(surface, t)) / reach;
                    weight = 1 / ((1 + off * off) * (1 + off * off));
                }
                const double row[COLUMNS] = {t[0], t[1], t[2], t[3], t[4], t[5], colour.l, colour.a, colour.b, 0};
                for (int i = 0; i < 6; i++)
                    for (int k = 0; k < COLUMNS; k++) m[i][k] += weight * t[i] * row[k];
            }
        for (int i = 1; i < 6; i++) m[i][i] += (i < 3 ? 0.004 : 0.02) * m[0][0];
        if (!solve(m, surface)) break;
        is_known = 1;
    }
    for (uint32_t y = 0; is_known && y < map->height; y++) surface_row(map, surface, y);
}

static int by_size(const void *one, const void *other) {
    float a = *(const float *)one, b = *(const float *)other;
    return a < b ? -1 : a > b;
}

/* How much of the border is ground, and how much that ground changes from cell to cell. */
static ic_status judge_border(ic_map *map) {
    size_t count = 0, ground = 0;
    float *edges = malloc((size_t)map->width * map->height * sizeof *edges);
    if (!edges) return IC_NO_MEMORY;
    for (uint32_t y = 0; y < map->height; y++)
        for (uint32_t x = 0; x < map->width; x++) {
            if (!is_border(map, x, y)) continue;
            size_t at = (size_t)y * map->width + x;
            count++;
            if (apart(map->colour[at], map->ground[at]) < 6) edges[ground++] = map->edge[at];
        }
    qsort(edges, ground, sizeof *edges, by_size);
    map->noise = ground ? edges[ground * 3 / 4] : 99;
    map->border = (float)ground / (float)count;
    free(edges);
    return IC_OK;
}

/* Floods `mark` from 2 (begun) over 1 (open); what is reached is 2. */
static void flood(ic_map *map) {
    uint32_t width = map->width, height = map->height;
    size_t filled = 0;
    for (size_t at = 0; at < (size_t)width * height; at++)
        if (map->mark[at] == 2) map->list[filled++] = (uint32_t)at;
    for (size_t next = 0; next < filled; next++) {
        uint32_t at = map->list[next], x = at % width, y = at / width;
        uint32_t beside[4] = {x ? at - 1 : at, x + 1 < width ? at + 1 : at, y ? at - width : at, y + 1 < height ? at + width : at};
        for (int k = 0; k < 4; k++)
            if (map->mark[beside[k]] == 1) {
                map->mark[beside[k]] = 2;
                map->list[filled++] = beside[k];
            }
    }
}

typedef struct gate {
    float edge;     /* how much a ground may change */
    float far;      /* how far from its foretold colour it may lie, shadows forgiven */
    uint32_t width; /* the width of the brush: what is narrower lets nothing through */
} gate;

/* From the border inwards: what cannot be reached is the product. */
static ic_status reach_inwards(ic_map *map, gate gate) {
    uint32_t width = map->width, height = map->height;
    size_t count = (size_t)width * height;
    uint8_t *closed = malloc(count * 2), *room = closed + count;
    if (!closed) return IC_NO_MEMORY;
    for (size_t at = 0; at < count; at++)
        closed[at] = !(map->edge[at] < gate.edge && apart_from_ground(map->colour[at], map->ground[at]) < gate.far);
    ic_map_widen(closed, room, width, height, gate.width);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            size_t at = (size_t)y * width + x;
            int is_edge = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
            int is_ground = is_edge && apart(map->colour[at], map->ground[at]) < 6;
            map->mark[at] = closed[at] ? 0 : is_ground ? 2 : 1;
        }
    flood(map);
    uint8_t *reached = closed;
    for (size_t at = 0; at < count; at++) reached[at] = map->mark[at] == 2;
    ic_map_widen(reached, room, width, height, gate.width);
    for (size_t at = 0; at < count; at++) map->is_product[at] = !reached[at];
    free(closed);
    return IC_OK;
}

/* The ground as the cells that were reached show it, spread behind the product. */
static ic_status learn_ground(ic_map *map) {
    size_t count = (size_t)map->width * map->height;
    memcpy(map->ground, map->colour, count * sizeof *map->ground);
    for (size_t at = 0; at < count; at++) map->mark[at] = !map->is_product[at];
    return ic_map_fill(&map->ground->l, map->mark, map->width, map->height);
}

/* Takes off the product what hangs together, corners counted, and is smaller than that. */
static void drop_specks(ic_map *map, size_t least) {
    const uint32_t width = map->width, height = map->height;
    const size_t count = (size_t)width * height;
    memcpy(map->mark, map->is_product, count);
    for (size_t start = 0; start < count; start++) {
        if (map->mark[start] != 1) continue;
        size_t filled = 1;
        map->list[0] = (uint32_t)start;
        map->mark[start] = 0;
        for (size_t next = 0; next < filled; next++) {
            const uint32_t x = map->list[next] % width, y = map->list[next] / width;
            for (uint32_t v = y ? y - 1 : 0; v <= y + 1 && v < height; v++)
                for (uint32_t u = x ? x - 1 : 0; u <= x + 1 && u < width; u++) {
                    const size_t at = (size_t)v * width + u;
                    if (map->mark[at] != 1) continue;
                    map->mark[at] = 0;
                    map->list[filled++] = (uint32_t)at;
                }
        }
        for (size_t i = 0; filled < least && i < filled; i++) map->is_product[map->list[i]] = 0;
    }
}

/* How far the product lies from its ground, where it does not look like it. */
static float contrast_of(const ic_map *map) {
    double sum = 0;
    size_t found = 0;
    for (size_t at = 0; at < (size_t)map->width * map->height; at++) {
        if (!map->is_product[at]) continue;
        float off = apart(map->colour[at], map->ground[at]);
        if (off < 2) continue;
        sum += off;
        found++;
    }
    return found ? (float)(sum / (double)found) : 0;
}

ic_status ic_map_find(ic_map *map, float *certainty) {
    const size_t count = (size_t)map->width * map->height;
    *certainty = 0;
    ic_map_foretell(map);
    ic_status status = judge_border(map);
    if (status != IC_OK) return status;
    const float calm = fminf(fmaxf(map->noise * 2 + 0.2f, 0.5f), 2.6f);
    const gate wide = {calm, fminf(fmaxf(map->noise * 4 + 5, 7), 14), 1};
    status = reach_inwards(map, wide);
    if (status != IC_OK) return status;
    *certainty = ic_map_judge_ground(map);
    if (*certainty < IC_SURE) return IC_OK;
    uint8_t *unreached = malloc(count);
    if (!unreached) return IC_NO_MEMORY;
    memcpy(unreached, map->is_product, count);
    /* What a broad brush reaches is surely ground. */
    const gate strict = {calm * 0.8f, fminf(fmaxf(map->noise * 3 + 3, 4), 8), 3};
    status = learn_ground(map);
    if (status == IC_OK) status = reach_inwards(map, strict);
    if (status == IC_OK) status = ic_map_settle(map, unreached, calm);
    free(unreached);
    if (status != IC_OK) return status;
    size_t products = 0;
    for (size_t at = 0; at < count; at++) products += map->is_product[at];
    drop_specks(map, products / 80 > 6 ? products / 80 : 6);
    status = learn_ground(map);
    if (status != IC_OK) return status;
    map->contrast = contrast_of(map);
    *certainty = ic_map_judge(map);
    return IC_OK;
}
