// The mesh: where camera and product stand at the columns of a coarse grid, and the light at its nodes. Between them everything
// runs in straight lines.
#include "scene.h"
#include <math.h>
#include <string.h>

static const float focal = 2.6f;    /* in halves of the short side */

/* How the camera sees columns of the frame: which column of the picture, how far down the frame's top and one row more are. */
typedef struct { float u, v, grow; } column;

static column meet(const frame_scene *s, const frame_moment *m, float px) {
    const float W = (float)s->width, H = (float)s->height, unit = fminf(W, H) * 0.5f;
    const float x = (px - W * 0.5f) / unit, near = focal / (focal - x * tanf(m->yaw)), grow = near / m->zoom;
    return (column){ W * (0.5f + m->x) + x * grow / cosf(m->yaw) * unit, H * (0.5f + m->y) - H * 0.5f * grow, grow };
}

/* A product's columns: its half width, its middle, and how many half widths from that a column lies. */
typedef struct { float half, middle, side; } across;

static across across_at(const frame_scene *s, float u) {
    const frame_subject *box = &s->subject;
    const float half = fmaxf((box->right - box->left) * 0.5f * (float)s->width, 1), middle = (box->left + box->right) * 0.5f * (float)s->width;
    return (across){ half, middle, (u - middle) / half };
}

/* Where a column of the picture would lie, had its ground not gone along with the product that stands on it: all the way where the
   product is, with its shadow, and less and less beside it. */
static column follow(const frame_scene *s, const frame_moment *m, column at) {
    const float shift = m->drift_x * fminf((float)s->width, (float)s->height), aside = fabsf(across_at(s, at.u - shift).side);
    at.u -= shift * (1 - frame_smooth(1, 2.4f, aside));
    return at;
}

/* Where a column of the picture would lie, had the product not moved against its ground. */
static column move_apart(const frame_scene *s, const frame_moment *m, column at) {
    const frame_subject *box = &s->subject;
    const float H = (float)s->height, shorter = fminf((float)s->width, H);
    const float level = (box->top + box->bottom) * 0.5f * H, foot = box->bottom * H;
    across a = across_at(s, at.u - m->drift_x * shorter);
    a.side /= m->near;
    /* A card that swings about its middle line, seen from four half widths away. */
    const float round = fmaxf(1 - a.side * a.side, 0), reach = frame_clamp(a.side, -1.3f, 1.3f);
    const float lean = sinf(m->swing) * 0.25f, card = reach / (cosf(m->swing) - reach * lean), grow = 1 + card * lean;
    const float v = foot + (at.v - m->drift_y * shorter - foot) / m->near;
    return (column){ a.middle + (a.side + card - reach - m->turn * round * round) * a.half, level + (v - level) * grow, at.grow / m->near * grow };
}

void frame_place_at(const frame_scene *s, const frame_moment *m, float x, float y, float *u, float *v) {
    const column at = meet(s, m, x);
    *u = at.u - 0.5f;
    *v = at.v + at.grow * y - 0.5f;
}

float frame_overrun(const frame_scene *s, const frame_moment *m) {
    float worst = 0, u, v;
    for (int j = 0; j <= 16; j++) for (int i = 0; i <= 16; i++) {
        frame_place_at(s, m, (float)(i * s->width) / 16, (float)(j * s->height) / 16, &u, &v);
        worst = fmaxf(worst, fmaxf(-0.5f - u, u + 0.5f - (float)s->width));
        worst = fmaxf(worst, fmaxf(-0.5f - v, v + 0.5f - (float)s->height));
    }
    return worst;
}

/* A glow along one axis at the mesh's nodes: it is the product of its two axes. */
static void bell(float middle, float radius, float strength, int n, int side, float *out) {
    for (int i = 0; i < n; i++) {
        float d = ((float)(i * CELL) / (float)side - middle) / radius;
        out[i] = strength == 0 ? 0 : strength * expf(-(d * d));
    }
}

static float gleam_at(const frame_moment *m, float along) {
    return m->gleam * expf(-along * along / (m->gleam_width * m->gleam_width));
}

static void fill_light(frame_scene *s, const frame_moment *m) {
    const frame_glow *glows[4] = { &m->key, &m->shadow, &m->left, &m->right };
    const int nx = s->nodes_x, ny = s->nodes_y, is_tinted = s->is_tinted;
    const float gleam_x = cosf(m->gleam_angle) / (float)s->width, gleam_y = sinf(m->gleam_angle);
    float *x[4], *y[4];
    for (int g = 0; g < (is_tinted ? 4 : 2); g++) {
        x[g] = s->mesh.bells + g * (nx + ny);
        y[g] = x[g] + nx;
        bell(glows[g]->x, glows[g]->radius_x, glows[g]->strength, nx, s->width, x[g]);
        bell(glows[g]->y, glows[g]->radius_y, glows[g]->strength == 0 ? 0 : 1, ny, s->height, y[g]);
    }
    for (int j = 0; j < ny; j++) {
        float *gain = s->mesh.gain + j * nx, *open = s->mesh.open_gain + j * nx, *cb = s->mesh.cb + j * nx, *cr = s->mesh.cr + j * nx;
        const float fy = (float)(j * CELL) / (float)s->height, down = (fy - 0.5f) * 2, key = y[0][j], shadow = y[1][j];
        for (int i = 0; i < nx; i++) {
            float across = ((float)(i * CELL) / (float)s->width - 0.5f) * 2;
            open[i] = (m->ambient + x[0][i] * key) * (1 - m->vignette * frame_smooth(0.25f, 2.0f, across * across + down * down));
        }
        if (m->gleam != 0) for (int i = 0; i < nx; i++) open[i] += gleam_at(m, (float)(i * CELL) * gleam_x + fy * gleam_y - m->gleam_position);
        for (int i = 0; i < nx; i++) gain[i] = frame_clamp(open[i] * (1 - x[1][i] * shadow), 0, 1.99f);
        for (int i = 0; i < nx; i++) open[i] = frame_clamp(open[i], 0, 1.99f);
        if (is_tinted) for (int i = 0; i < nx; i++) {
            float left = x[2][i] * y[2][j], right = x[3][i] * y[3][j];
            cb[i] = frame_clamp(left * m->left.cb + right * m->right.cb, -1, 1);
            cr[i] = frame_clamp(left * m->left.cr + right * m->right.cr, -1, 1);
        }
    }
}

/* Keeps a row of nodes inside of the picture and its padding, and their steps to what the kernels take. No camera of ours comes
   near either; what is not a number ends at the edge. */
static void hold(float *row, int n, float least, float most, float last) {
    for (int i = 0; i < n; i++) row[i] = row[i] > 2 - PAD ? row[i] < last + PAD - 5 ? row[i] : last + PAD - 5 : 2 - PAD;
    for (int i = 1; i < n; i++) row[i] = frame_clamp(row[i], row[i - 1] + least * CELL, row[i - 1] + most * CELL);
}

/* Marks the tiles in which there is any of the product. */
static void mark_tiles(frame_scene *s) {
    const frame_layer *layer = &s->product;
    const frame_tiles *tiles = &s->tiles;
    const int bands = s->nodes_y - 1, last = bands - 1, n = tiles->count, width = s->map_width;
    const float cells = (float)width / (float)s->width;
    memset(tiles->sampled, 0, (size_t)(bands * n));
    for (int t = 0; t < n; t++) {
        const int node = t * TILE / CELL;
        const int from = (int)(frame_clamp((layer->u[node] - 3) * cells, 0, (float)width)), to = (int)(frame_clamp((layer->u[node + TILE / CELL] + 4) * cells + 1, 0, (float)width));
        for (int k = 0; k < bands; k++) {
            const uint16_t *held = tiles->held + k * (width + 1);
            if (held[to] == held[from]) continue;
            /* What covers a tile reaches two bands further at most; rows that are sampled together may begin in the band before. */
            for (int near = k > 3 ? k - 3 : 0; near <= k + 2 && near < bands; near++) tiles->sampled[near * n + t] |= near == k ? 3 : 1;
        }
        for (int j = 0; j < bands; j++) {
            float low = layer->v[node], high = low;
            low = high = layer->v[node] + layer->grow[node] * (float)(j * CELL);
            for (int i = node; i <= node + TILE / CELL; i++) {
                low = fminf(low, layer->v[i] + layer->grow[i] * (float)(j * CELL));
                high = fmaxf(high, layer->v[i] + layer->grow[i] * (float)(j * CELL + CELL));
            }
            const int first = (int)frame_clamp(floorf((low - 2) / CELL), 0, (float)last), final = (int)frame_clamp(floorf((high + 3) / CELL), 0, (float)last);
            uint8_t any = 0;
            for (int k = first; k <= final; k++) any |= tiles->sampled[k * n + t] & 2;
            tiles->covered[j * n + t] = any;
        }
    }
}

/* Places a layer at the columns of nodes. */
static void place(const frame_scene *s, const frame_moment *m, int is_product, frame_layer *layer) {
    const int n = s->nodes_x;
    float *ends = s->mesh.line;
    for (int i = 0; i < n; i++) {
        column at = meet(s, m, (float)(i * CELL));
        if (s->is_apart) at = is_product ? move_apart(s, m, at) : follow(s, m, at);
        layer->u[i] = at.u - 0.5f;
        layer->v[i] = at.v - 0.5f;
        ends[i] = at.v - 0.5f + at.grow * (float)s->height;
    }
    /* A column is a straight line: what holds at both of its ends holds between. */
    hold(layer->u, n, 0, 1.625f, (float)s->width);
    hold(layer->v, n, -0.875f, 0.875f, (float)s->height);
    hold(ends, n, -0.875f, 0.875f, (float)s->height);
    for (int i = 0; i < n; i++) layer->grow[i] = fmaxf((ends[i] - layer->v[i]) / (float)s->height, 0.01f);
    layer->is_straight = m->zoom >= 1 && m->yaw == 0 && (!is_product || (m->swing == 0 && m->turn == 0));
}

void frame_mesh_fill(frame_scene *s, const frame_moment *m) {
    fill_light(s, m);
    place(s, m, 0, &s->ground);
    if (!s->is_apart) return;
    place(s, m, 1, &s->product);
    mark_tiles(s);
}
