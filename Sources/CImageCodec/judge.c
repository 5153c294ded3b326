#include "cutout.h"

#include <math.h>
#include <stddef.h>

/* The largest change near a cell. */
static float firmest(const ic_map *map, uint32_t x, uint32_t y, uint32_t reach) {
    uint32_t left = x > reach ? x - reach : 0, right = x + reach < map->width ? x + reach : map->width - 1;
    uint32_t top = y > reach ? y - reach : 0, bottom = y + reach < map->height ? y + reach : map->height - 1;
    float edge = 0;
    for (uint32_t v = top; v <= bottom; v++)
        for (uint32_t u = left; u <= right; u++) edge = fmaxf(edge, map->edge[(size_t)v * map->width + u]);
    return edge;
}

float ic_map_judge_ground(const ic_map *map) {
    float lightest = 0, darkest = 100, light = 0, count = 0;
    for (uint32_t y = 0; y < map->height; y++)
        for (uint32_t x = 0; x < map->width; x = y == 0 || y + 1 == map->height || x + 1 == map->width ? x + 1 : map->width - 1) {
            size_t at = (size_t)y * map->width + x;
            if (map->is_product[at] || map->edge[at] > fmaxf(map->noise * 4, 1)) continue;
            light += map->colour[at].l;
            count++;
            lightest = fmaxf(lightest, map->colour[at].l);
            darkest = fminf(darkest, map->colour[at].l);
        }
    return rising(map->border, 0.45f, 0.75f) * (1 - rising(map->noise, 1, 1.9f)) * rising(light / fmaxf(count, 1), 28, 40) *
        (1 - rising(lightest - darkest, 30, 42));
}

float ic_map_line(const ic_map *map, uint32_t x, uint32_t y) {
    if (x < 3 || y < 3 || x + 3 >= map->width || y + 3 >= map->height) return 0;
    const size_t at = (size_t)y * map->width + x, ways[2] = {3, (size_t)3 * map->width};
    const float light = map->colour[at].l;
    float most = 0;
    for (int k = 0; k < 2; k++) {
        const float before = light - map->colour[at - ways[k]].l, after = light - map->colour[at + ways[k]].l;
        if (before * after > 0) most = fmaxf(most, fminf(fabsf(before), fabsf(after)));
    }
    return most;
}

/* Sure is: a border of calm ground, a product that is neither speck nor everything, and an edge that can be seen all around. */
float ic_map_judge(const ic_map *map) {
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
    const float fine = fmaxf(map->noise * 5, 0.8f);
    for (uint32_t y = 4; y + 4 < height; y++)
        for (uint32_t x = 4; x + 4 < width; x++) {
            if (map->is_product[(size_t)y * width + x] || ic_map_line(map, x, y) < fine) continue;
            int is_apart = 1;
            for (uint32_t v = y - 4; v <= y + 4 && is_apart; v++)
                for (uint32_t u = x - 4; u <= x + 4 && is_apart; u++) is_apart = !map->is_product[(size_t)v * width + u];
            left_over += is_apart;
        }
    const float area = (float)products / ((float)width * (float)height), lines = (float)left_over / (float)rims;
    float sure = ic_map_judge_ground(map) * (1 - rising(lines, 0.27f, 0.57f)) * (1 - rising(map->doubt, 0.1f, 0.24f));
    sure *= rising(area, 0.003f, 0.012f) * (1 - rising(area, 0.85f, 0.96f));
    sure *= rising((float)seen / (float)rims, 0.85f, 0.97f) * (1 - rising((float)cut / (float)border, 0.3f, 0.5f));
    /* What alone would be forgiven is too much together. */
    return sure * (1 - rising(lines + 2 * map->alike + map->doubt, 0.58f, 0.75f));
}
