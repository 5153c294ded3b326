#include "cutout.h"

#include <stdlib.h>
#include <string.h>

/* Cells that hang together, until it is known to whom they belong. */
typedef struct region {
    float area;
    float foreign;     /* how foreign to the ground they are, on average */
    float lighter;     /* the same of their light alone */
    float rim;         /* how many sides of theirs lie beside other regions */
    float close;       /* of how many of these surely ground is near */
    float open;        /* how many lie beside ground */
    float soft;        /* how many of these have nothing between */
    float ground;      /* what speaks for ground, as if so many sides were one with it */
    float product;
    float share;       /* how much it is product */
} region;

/* Where two regions meet. */
typedef struct contact {
    uint16_t one;
    uint16_t other;
    float width;       /* 1 where nothing stands between the two cells, near 0 where an edge does */
} contact;

typedef struct work {
    uint16_t *label;
    uint8_t *kinds;
    uint8_t *near;
    contact *contacts;
    size_t met;
    region *regions;
    uint32_t known;
} work;

enum { STEPS = 512, MOST = 4000, OPEN = 0, GROUND = 1, FIRST = 2, NONE = 0xFFFFFFFF };
enum { FOREIGN = 1, CALM = 2 };

/* Below 0 a colour may be ground or a shadow on it, -1 being its very colour: a shadow takes light away, and takes it from all three
   axes of OKLab alike. */
static float foreign_to(lab ground, lab colour, float noise) {
    const float dark = ground.l - colour.l, slack = 1.2f + noise * 2;
    const float share = ground.l > 1 && dark > 0 ? colour.l / ground.l : 1;
    const float a = colour.a - ground.a * share, b = colour.b - ground.b * share;
    const float hue = sqrtf(3 * (a * a + b * b)) / (slack * 2 + fmaxf(dark, 0) * 0.08f);
    return fmaxf(fmaxf(hue, -dark / (slack * 5)), dark / 40) - 1;
}

/* How much lighter a region is than its ground, on the same scale. */
static float lighter_than(lab ground, lab colour, float noise) {
    return (colour.l - ground.l) / (6 + noise * 10) - 1;
}

/* The cells beside one; those of the border have themselves for neighbours. */
static void neighbours(const ic_map *map, uint32_t at, uint32_t beside[4]) {
    const uint32_t x = at % map->width, y = at / map->width;
    beside[0] = x ? at - 1 : at;
    beside[1] = x + 1 < map->width ? at + 1 : at;
    beside[2] = y ? at - map->width : at;
    beside[3] = y + 1 < map->height ? at + map->width : at;
}

/* Cells of one kind that hang together get a label of their own, where they are enough. */
static void gather(ic_map *map, work *work, uint8_t kind, size_t least) {
    const size_t count = (size_t)map->width * map->height;
    for (size_t start = 0; start < count && work->known < MOST; start++) {
        if (work->kinds[start] != kind) continue;
        size_t filled = 1;
        map->list[0] = (uint32_t)start;
        work->kinds[start] = 0;
        for (size_t next = 0; next < filled; next++) {
            uint32_t beside[4];
            neighbours(map, map->list[next], beside);
            for (int k = 0; k < 4; k++)
                if (work->kinds[beside[k]] == kind) {
                    work->kinds[beside[k]] = 0;
                    map->list[filled++] = beside[k];
                }
        }
        if (filled < least) continue;
        for (size_t i = 0; i < filled; i++) work->label[map->list[i]] = (uint16_t)work->known;
        work->known++;
    }
}

/* What it costs to enter a cell: little where the colour hardly changes, much where it does. */
static uint32_t toll(const ic_map *map, size_t at) {
    const float edge = fmaxf(map->edge[at] - map->noise * 1.5f, 0), cost = 1 + edge * edge * 6;
    return cost < STEPS - 1 ? (uint32_t)cost : STEPS - 1;
}

/* Each open cell goes to the label that it costs least to come from. Whoever reaches it first reaches it cheapest, since its toll is
   the same from all sides: so each cell waits in one bucket, once. */
static void spread(ic_map *map, work *work) {
    const size_t count = (size_t)map->width * map->height;
    uint32_t heads[STEPS], *next = map->list, current = 0;
    memset(heads, 0xFF, sizeof heads);
    size_t waiting = 0;
    for (uint32_t at = 0; at < count; at++) {
        if (work->label[at] == OPEN) continue;
        uint32_t beside[4];
        neighbours(map, at, beside);
        if (work->label[beside[0]] != OPEN && work->label[beside[1]] != OPEN && work->label[beside[2]] != OPEN &&
            work->label[beside[3]] != OPEN)
            continue;
        next[at] = heads[0];
        heads[0] = at;
        waiting++;
    }
    while (waiting) {
        const uint32_t at = heads[current];
        if (at == NONE) {
            current = (current + 1) % STEPS;
            continue;
        }
        heads[current] = next[at];
        waiting--;
        uint32_t beside[4];
        neighbours(map, at, beside);
        for (int k = 0; k < 4; k++) {
            if (work->label[beside[k]] != OPEN) continue;
            work->label[beside[k]] = work->label[at];
            const uint32_t bucket = (current + toll(map, beside[k])) % STEPS;
            next[beside[k]] = heads[bucket];
            heads[bucket] = beside[k];
            waiting++;
        }
    }
}

/* What is known of the regions, and where they meet. */
static void meet(const ic_map *map, work *work) {
    const uint32_t width = map->width, height = map->height;
    const float soft = 1 / (1 + map->noise * 2);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            const size_t at = (size_t)y * width + x;
            const uint16_t one = work->label[at];
            region *here = &work->regions[one];
            if (one != GROUND) {
                here->area++;
                here->foreign += foreign_to(map->ground[at], map->colour[at], map->noise);
                here->lighter += lighter_than(map->ground[at], map->colour[at], map->noise);
            }
            for (int down = 0; down < 2; down++) {
                if (down ? y + 1 >= height : x + 1 >= width) continue;
                const size_t beside = down ? at + width : at + 1;
                const uint16_t other = work->label[beside];
                if (one == other) continue;
                const float firm = fmaxf(fmaxf(map->edge[at], map->edge[beside]) - map->noise * 1.5f, 0) * soft;
                here->rim++;
                here->close += work->near[at];
                work->regions[other].rim++;
                work->regions[other].close += work->near[beside];
                work->contacts[work->met++] = (contact){one, other, 1 / (1 + firm * firm * firm * firm)};
            }
        }
}

/* Each region becomes as much product as what it hangs together with, on average, the ground being none. */
static void agree(work *work) {
    float sums[MOST], weights[MOST];
    for (int round = 0; round < 60; round++) {
        for (uint32_t i = 0; i < work->known; i++) {
            sums[i] = work->regions[i].product;
            weights[i] = work->regions[i].product + work->regions[i].ground;
        }
        for (size_t i = 0; i < work->met; i++) {
            const contact c = work->contacts[i];
            sums[c.one] += c.width * work->regions[c.other].share;
            sums[c.other] += c.width * work->regions[c.one].share;
            weights[c.one] += c.width;
            weights[c.other] += c.width;
        }
        for (uint32_t i = FIRST; i < work->known; i++)
            if (weights[i] > 0) work->regions[i].share = sums[i] / weights[i];
    }
}

/* Whether the product lies around it, but for a gap. */
static int is_within(const region *it, float gap) {
    return it->open < it->rim * gap;
}

/* Ground seen through a handle, behind an arm or a rung; of a product that has parts of the ground's colour, only what is the very
   ground. A print on a shirt may be as white, but lies deeper. */
static int is_hole(const region *it, float alike) {
    if (!is_within(it, 0.15f)) return 0;
    if (alike < 0.12f) return it->foreign < -0.6f && it->close > it->rim * 0.08f;
    return it->foreign < -0.9f && it->close > it->rim * 0.35f;
}

static void weigh(work *work) {
    for (uint32_t i = FIRST; i < work->known; i++) {
        region *it = &work->regions[i];
        it->foreign /= fmaxf(it->area, 1);
        it->lighter /= fmaxf(it->area, 1);
        /* Light falls on the ground too, between two shadows. */
        const float trust = it->lighter > it->foreign - 0.1f ? 0.06f : 1;
        const float around = sqrtf(it->area) * 4, near = it->close > 0;
        it->product = around * (it->foreign > 0 ? trust * (1 + 2 * fminf(it->foreign, 2)) : 0.001f + fmaxf(it->foreign + 0.75f, 0) * 0.67f);
        it->ground = around * (0.001f + near * fmaxf(-0.78f - it->foreign, 0) * 2);
        it->share = 0.5f;
    }
}

/* How much of the product might as well be ground by its colour, and how much of all is in doubt. */
static void judge(ic_map *map, work *work) {
    for (size_t i = 0; i < work->met; i++) {
        const contact c = work->contacts[i];
        region *one = &work->regions[c.one], *other = &work->regions[c.other];
        if (other->share < 0.5f) one->open++, one->soft += c.width;
        if (one->share < 0.5f) other->open++, other->soft += c.width;
    }
    float all = 0, alike = 0, doubt = 0;
    for (uint32_t i = FIRST; i < work->known; i++) {
        const region *it = &work->regions[i];
        if (it->share < 0.5f || (is_within(it, 0.15f) && it->foreign < -0.6f)) continue;
        all += it->area;
    }
    const size_t count = (size_t)map->width * map->height;
    for (size_t at = 0; at < count; at++) {
        const region *it = &work->regions[work->label[at]];
        if (work->label[at] < FIRST || it->share < 0.5f || (is_within(it, 0.15f) && it->foreign < -0.6f)) continue;
        alike += foreign_to(map->ground[at], map->colour[at], map->noise) < -0.4f;
    }
    map->alike = alike / fmaxf(all, 1);
    for (uint32_t i = FIRST; i < work->known; i++) {
        region *it = &work->regions[i];
        if (is_hole(it, map->alike)) it->share = 0;
        else if (is_within(it, 0.3f) && it->foreign > -0.9f) it->share = fmaxf(it->share, 0.6f);
        doubt += it->area * (1 - rising(fabsf(it->share - 0.5f), 0.1f, 0.4f));
        if (it->share > 0.5f && is_within(it, 0.15f)) doubt += it->area * rising(-it->foreign, 0.66f, 0.8f);
        /* An island in the ground with an edge all around is no shadow. */
        if (it->share < 0.5f && !is_within(it, 0.5f)) doubt += it->area * (1 - rising(it->soft / it->open, 0.15f, 0.36f));
    }
    map->doubt = doubt / fmaxf(all, 1);
}

static void close_work(work *work) {
    free(work->label);
    free(work->kinds);
    free(work->contacts);
    free(work->regions);
}

static ic_status open_work(work *work, size_t count) {
    memset(work, 0, sizeof *work);
    work->label = calloc(count, sizeof *work->label);
    work->kinds = malloc(count * 3);
    work->contacts = malloc(count * 2 * sizeof *work->contacts);
    work->regions = calloc(MOST, sizeof *work->regions);
    work->known = FIRST;
    if (work->label && work->kinds && work->contacts && work->regions) return IC_OK;
    close_work(work);
    return IC_NO_MEMORY;
}

ic_status ic_map_settle(ic_map *map, const uint8_t *unreached, float calm) {
    const size_t count = (size_t)map->width * map->height;
    work work;
    ic_status status = open_work(&work, count);
    if (status != IC_OK) return status;
    work.near = work.kinds + count;
    size_t foreign = 0, products = 0;
    for (size_t at = 0; at < count; at++) {
        const int reached = !map->is_product[at];
        work.label[at] = reached ? GROUND : OPEN;
        work.near[at] = (uint8_t)reached;
        work.kinds[at] = reached ? 0
            : foreign_to(map->ground[at], map->colour[at], map->noise) > 0 ||
              ic_map_line(map, (uint32_t)(at % map->width), (uint32_t)(at / map->width)) > fmaxf(map->noise * 8, 5) ? FOREIGN
            : map->edge[at] < calm * 1.5f ? CALM : 0;
        products += unreached[at];
        foreign += unreached[at] && work.kinds[at] == FOREIGN;
    }
    /* Where nothing is foreign the product is as pale as its ground, and what no flood reached is all that can be known. */
    if (foreign * 8 < products) {
        memcpy(map->is_product, unreached, count);
        close_work(&work);
        return IC_OK;
    }
    ic_map_widen(work.near, work.near + count, map->width, map->height, (map->width > map->height ? map->width : map->height) / 18);
    gather(map, &work, FOREIGN, 2);
    gather(map, &work, CALM, 24);
    spread(map, &work);
    meet(map, &work);
    weigh(&work);
    agree(&work);
    judge(map, &work);
    for (size_t at = 0; at < count; at++)
        map->is_product[at] = work.label[at] != GROUND && work.regions[work.label[at]].share > 0.5f;
    close_work(&work);
    return status;
}
