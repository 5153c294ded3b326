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

/* Calls for each piece of cells whose `mark` is 1; `keep` says whether it stays marked. */
typedef int (*judge_piece)(const ic_map *map, const uint32_t *cells, size_t count, float measure);

static void judge_pieces(ic_map *map, judge_piece keep, float measure) {
    uint32_t width = map->width, height = map->height;
    for (size_t start = 0; start < (size_t)width * height; start++) {
        if (map->mark[start] != 1) continue;
        size_t filled = 1;
        map->list[0] = (uint32_t)start;
        map->mark[start] = 3;
        for (size_t next = 0; next < filled; next++) {
            uint32_t at = map->list[next], x = at % width, y = at / width;
            uint32_t beside[4] = {
                x ? at - 1 : at, x + 1 < width ? at + 1 : at, y ? at - width : at, y + 1 < height ? at + width : at};
            for (int k = 0; k < 4; k++)
                if (map->mark[beside[k]] == 1) {
                    map->mark[beside[k]] = 3;
                    map->list[filled++] = beside[k];
                }
        }
        if (!keep(map, map->list, filled, measure))
            for (size_t i = 0; i < filled; i++) map->mark[map->list[i]] = 0;
    }
}

static int is_large(const ic_map *map, const uint32_t *cells, size_t count, float measure) {
    (void)map;
    (void)cells;
    return (float)count >= measure;
}

/* The largest change near a cell. */
static float firmest(const ic_map *map, uint32_t x, uint32_t y, uint32_t reach) {
    uint32_t left = x > reach ? x - reach : 0, right = x + reach < map->width ? x + reach : map->width - 1;
    uint32_t top = y > reach ? y - reach : 0, bottom = y + reach < map->height ? y + reach : map->height - 1;
    float edge = 0;
    for (uint32_t v = top; v <= bottom; v++)
        for (uint32_t u = left; u <= right; u++) edge = fmaxf(edge, map->edge[(size_t)v * map->width + u]);
    return edge;
}

/* Whether ground that was reached lies near a cell. */
static int is_near_ground(const ic_map *map, uint32_t x, uint32_t y) {
    uint32_t reach = (map->width > map->height ? map->width : map->height) / 18;
    uint32_t left = x > reach ? x - reach : 0, right = x + reach < map->width ? x + reach : map->width - 1;
    uint32_t top = y > reach ? y - reach : 0, bottom = y + reach < map->height ? y + reach : map->height - 1;
    for (uint32_t v = top; v <= bottom; v++)
        for (uint32_t u = left; u <= right; u++)
            if (!map->is_product[(size_t)v * map->width + u]) return 1;
    return 0;
}

/* Ground seen through a handle or beside an arm: its colour, within a firm edge, behind little of the product. A print on a shirt
   may be as white, but lies deeper. */
static int is_hole(const ic_map *map, const uint32_t *cells, size_t count, float measure) {
    if (count < 10) return 0;
    double rim = 0, inner = 0;
    int is_behind_little = 0;
    size_t rims = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t at = cells[i], x = at % map->width, y = at / map->width;
        if (!x || !y || x + 1 == map->width || y + 1 == map->height) return 0;
        inner += apart_from_ground(map->colour[at], map->ground[at]);
        uint32_t beside[4] = {at - 1, at + 1, at - map->width, at + map->width};
        for (int k = 0; k < 4; k++)
            if (!map->mark[beside[k]]) {
                rim += firmest(map, beside[k] % map->width, beside[k] / map->width, 3);
                rims++;
                if (!is_behind_little) is_behind_little = is_near_ground(map, x, y);
            }
    }
    return is_behind_little && inner / (double)count < measure * 0.8 && rim / (double)rims > 6;
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

/* Takes the darkest part of a shadow, whose edge stopped the flood, off the product. */
static void peel_shadow(ic_map *map) {
    uint32_t width = map->width, height = map->height;
    size_t count = (size_t)width * height, products = 0, peeled = 0;
    for (size_t at = 0; at < count; at++) {
        map->mark[at] = 0;
        if (!map->is_product[at]) {
            map->mark[at] = 2;
            continue;
        }
        products++;
        lab colour = map->colour[at], ground = map->ground[at];
        float a = colour.a - ground.a, b = colour.b - ground.b, dark = ground.l - colour.l;
        if (map->edge[at] < 1.5f && dark > 0 && dark < 24 && sqrtf(a * a + b * b) < 1.1f + dark * 0.03f) map->mark[at] = 1;
    }
    flood(map);
    for (size_t at = 0; at < count; at++) peeled += map->is_product[at] && map->mark[at] == 2;
    if (peeled * 100 > products * 20) return;
    for (size_t at = 0; at < count; at++)
        if (map->mark[at] == 2) map->is_product[at] = 0;
}

static float rising(float value, float from, float to) {
    float t = (value - from) / (to - from);
    return t < 0 ? 0 : t > 1 ? 1 : t;
}

/* How calm the ground is, along the border. The more of it is reached, the less sure that can become. */
static float judge_ground(const ic_map *map) {
    float lightest = 0, darkest = 100;
    for (uint32_t y = 0; y < map->height; y++)
        for (uint32_t x = 0; x < map->width; x = y == 0 || y + 1 == map->height || x + 1 == map->width ? x + 1 : map->width - 1) {
            size_t at = (size_t)y * map->width + x;
            if (map->is_product[at]) continue;
            lightest = fmaxf(lightest, map->colour[at].l);
            darkest = fminf(darkest, map->colour[at].l);
        }
    return rising(map->border, 0.45f, 0.75f) * (1 - rising(map->noise, 1.2f, 3)) * (1 - rising(lightest - darkest, 24, 36));
}

/* Sure is: a border of calm ground, a product that is neither speck nor everything, and an edge that can be seen all around. */
static float judge(const ic_map *map) {
    uint32_t width = map->width, height = map->height;
    size_t products = 0, rims = 0, seen = 0, cut = 0, border = 0;
    float firm = fmaxf(map->noise * 4, 0.6f);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            size_t at = (size_t)y * width + x;
            int is_edge = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
            border += is_edge;
            if (!map->is_product[at]) continue;
            products++;
            cut += is_edge;
            if (is_edge) continue;
            if (map->is_product[at - 1] && map->is_product[at + 1] && map->is_product[at - width] &&
                map->is_product[at + width])
                continue;
            rims++;
            seen += firmest(map, x, y, 1) > firm;
        }
    if (!products || !rims) return 0;
    size_t left_over = 0;
    for (uint32_t y = 4; y + 4 < height; y++)
        for (uint32_t x = 4; x + 4 < width; x++) {
            size_t at = (size_t)y * width + x;
            if (map->is_product[at] || map->edge[at] < fmaxf(map->noise * 2.5f, 0.9f)) continue;
            int is_apart = 1;
            for (int32_t v = -4; v <= 4 && is_apart; v++)
                for (int32_t u = -4; u <= 4 && is_apart; u++)
                    is_apart = !map->is_product[at + (size_t)((int64_t)v * width + u)];
            left_over += is_apart;
        }
    float area = (float)products / ((float)width * (float)height);
    float sure = judge_ground(map) * (1 - rising((float)left_over / (float)rims, 0.9f, 1.4f));
    sure *= rising(area, 0.003f, 0.012f) * (1 - rising(area, 0.85f, 0.96f));
    sure *= rising((float)seen / (float)rims, 0.5f, 0.85f);
    sure *= 1 - rising((float)cut / (float)border, 0.3f, 0.5f);
    return sure;
}

ic_status ic_map_find(ic_map *map, float *certainty) {
    size_t count = (size_t)map->width * map->height;
    *certainty = 0;
    ic_map_foretell(map);
    ic_status status = judge_border(map);
    if (status != IC_OK) return status;
    float calm = fminf(fmaxf(map->noise * 2 + 0.2f, 0.5f), 2.6f);
    gate wide = {calm, fminf(fmaxf(map->noise * 4 + 5, 7), 14), 1};
    status = reach_inwards(map, wide);
    if (status != IC_OK) return status;
    *certainty = judge_ground(map);
    if (*certainty < IC_SURE) return IC_OK;
    status = learn_ground(map);
    if (status != IC_OK) return status;
    map->contrast = contrast_of(map);
    float near = fminf(fmaxf(map->noise * 3 + 0.6f, 1.2f), 4);
    if (map->contrast > 9) {
        /* Nothing of this product hides in the ground: narrow ways are walked too, and shadows may be darker. */
        for (size_t at = 0; at < count; at++)
            map->mark[at] = !map->is_product[at] ? 2
                : apart(map->colour[at], map->ground[at]) < near * 1.5f && map->edge[at] < calm * 1.5f ? 1 : 0;
        flood(map);
        for (size_t at = 0; at < count; at++) map->is_product[at] = map->mark[at] != 2;
        peel_shadow(map);
    }
    size_t products = 0;
    for (size_t at = 0; at < count; at++) {
        map->mark[at] = map->is_product[at];
        products += map->is_product[at];
    }
    judge_pieces(map, is_large, fmaxf((float)products * 0.012f, 6));
    for (size_t at = 0; at < count; at++) map->is_product[at] = map->mark[at] != 0;
    status = learn_ground(map);
    if (status != IC_OK) return status;
    map->contrast = contrast_of(map);
    if (map->contrast > 9) {
        for (size_t at = 0; at < count; at++)
            map->mark[at] = map->is_product[at] && map->edge[at] < calm * 3 &&
                apart_from_ground(map->colour[at], map->ground[at]) < near * 1.6f;
        judge_pieces(map, is_hole, near);
        for (size_t at = 0; at < count; at++)
            if (map->mark[at]) map->is_product[at] = 0;
    }
    *certainty = judge(map);
    return IC_OK;
}
