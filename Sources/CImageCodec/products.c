#include "products.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_THINGS = 32 };

typedef struct thing {
    uint32_t left;
    uint32_t top;
    uint32_t right;
    uint32_t bottom;
    uint32_t count;
} thing;

/* The thing whose first marked cell that is; its marks are taken away. Cells between its parts are walked, not counted. */
static thing take(ic_map *map, uint32_t start) {
    uint32_t width = map->width, height = map->height;
    thing thing = {width, height, 0, 0, 0};
    size_t filled = 1;
    map->list[0] = start;
    map->mark[start] = 0;
    for (size_t next = 0; next < filled; next++) {
        uint32_t at = map->list[next], x = at % width, y = at / width;
        if (map->is_product[at]) {
            if (x < thing.left) thing.left = x;
            if (y < thing.top) thing.top = y;
            if (x + 1 > thing.right) thing.right = x + 1;
            if (y + 1 > thing.bottom) thing.bottom = y + 1;
            thing.count++;
        }
        uint32_t beside[4] = {
            x ? at - 1 : at, x + 1 < width ? at + 1 : at, y ? at - width : at, y + 1 < height ? at + width : at};
        for (int k = 0; k < 4; k++)
            if (map->mark[beside[k]]) {
                map->mark[beside[k]] = 0;
                map->list[filled++] = beside[k];
            }
    }
    return thing;
}

/* Whether a straight line of ground lies between two. */
static int is_beside(const thing *one, const thing *other, uint32_t gap) {
    return one->right + gap <= other->left || other->right + gap <= one->left || one->bottom + gap <= other->top ||
        other->bottom + gap <= one->top;
}

ic_status ic_count_products(ic_map *map, uint32_t *products) {
    uint32_t count = map->width * map->height, longest = map->width > map->height ? map->width : map->height;
    float certainty = 0;
    *products = 0;
    ic_status status = ic_map_find(map, &certainty);
    if (status != IC_OK || certainty < IC_SURE) return status;
    uint8_t *room = malloc(count);
    if (!room) return IC_NO_MEMORY;
    memcpy(map->mark, map->is_product, count);
    ic_map_widen(map->mark, room, map->width, map->height, longest / 100);
    free(room);
    thing things[MOST_THINGS];
    uint32_t found = 0, largest = 0, alike = 0, pair[2] = {0, 0};
    for (uint32_t start = 0; start < count && found < MOST_THINGS; start++) {
        if (!map->mark[start]) continue;
        things[found] = take(map, start);
        if (things[found].count > largest) largest = things[found].count;
        found += things[found].count * 100 >= count;
    }
    for (uint32_t i = 0; i < found; i++) {
        if (things[i].count * 5 < largest * 2) continue;
        if (alike < 2) pair[alike] = i;
        alike++;
    }
    if (alike == 2 && !is_beside(&things[pair[0]], &things[pair[1]], longest / 50)) alike = 1;
    *products = alike;
    return IC_OK;
}
