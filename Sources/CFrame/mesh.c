// The mesh: camera and light at the nodes of a coarse grid. Between its nodes everything runs in straight lines.
#include "scene.h"
#include <math.h>

int frame_is_straight(const frame_moment *m) {
    return m->zoom >= 1 && m->roll == 0 && m->yaw == 0 && m->pitch == 0 && m->drift_x == 0 && m->drift_y == 0 && m->turn == 0 && m->swing == 0;
}

frame_view frame_view_of(const frame_moment *m) {
    return (frame_view){
        m, frame_is_straight(m), cosf(m->yaw), tanf(m->yaw), cosf(m->pitch), tanf(m->pitch), cosf(m->roll) / m->zoom, sinf(m->roll) / m->zoom,
        cosf(m->swing), sinf(m->swing) * 0.25f, cosf(m->gleam_angle), sinf(m->gleam_angle),
    };
}

/* Where the rays through a row of places, `step` apart, meet the picture. */
FRAME_ANY meet_any(
    const frame_scene *s, const frame_view *view, float px, float step, float py, int n, float *restrict u, float *restrict v) {
    const frame_moment *m = view->moment;
    const float W = (float)s->width, H = (float)s->height, unit = fminf(W, H) * 0.5f, focal = 2.6f;
    const float middle_x = W * (0.5f + m->x), middle_y = H * (0.5f + m->y), straight_y = (py - H * 0.5f) / unit;
    for (int i = 0; i < n; i++) {
        float x = (px + step * (float)i - W * 0.5f) / unit, y = straight_y;
        float t = focal / (focal - x * view->yaw_tangent);
        x = x * t / view->yaw_cosine;
        y = y * t;
        t = focal / (focal - y * view->pitch_tangent);
        y = y * t / view->pitch_cosine;
        x = x * t;
        u[i] = middle_x + (x * view->along - y * view->aside) * unit;
        v[i] = middle_y + (x * view->aside + y * view->along) * unit;
    }
}
FRAME_TWICE(
    meet, (const frame_scene *s, const frame_view *view, float px, float step, float py, int n, float *u, float *v),
    (s, view, px, step, py, n, u, v))

/* Moves places of the picture as far as the subject there has moved against its ground: all of it where `depth` is 1. */
FRAME_ANY move_apart_any(const frame_scene *s, const frame_view *view, const float *restrict depth, int n, float *restrict u, float *restrict v) {
    const frame_moment *m = view->moment;
    const frame_subject *box = &s->subject;
    const float W = (float)s->width, H = (float)s->height, unit = fminf(W, H) * 0.5f;
    const float half = fmaxf((box->right - box->left) * 0.5f * W, 1), middle = (box->left + box->right) * 0.5f * W;
    const float level = (box->top + box->bottom) * 0.5f * H;
    for (int i = 0; i < n; i++) {
        float side = (u[i] - middle) / half, round = 1 - side * side;
        round = round > 0 ? round : 0;
        /* A card that swings about its middle line, seen from four half widths away. */
        float reach = frame_clamp(side, -1.3f, 1.3f), card = reach / (view->swing_cosine - reach * view->lean);
        u[i] += depth[i] * ((card - reach) * half - m->drift_x * 2 * unit - m->turn * half * round * round);
        v[i] += depth[i] * ((v[i] - level) * card * view->lean - m->drift_y * 2 * unit);
    }
}
FRAME_TWICE(move_apart, (const frame_scene *s, const frame_view *view, const float *depth, int n, float *u, float *v), (s, view, depth, n, u, v))

/* Where the camera's rays through a row of places of the frame meet the picture, in its pixels. */
static void places_at(const frame_scene *s, const frame_view *view, float px, float step, float py, int n, float *u, float *v) {
    meet(s, view, px, step, py, n, u, v);
    if (!view->is_straight) {
        const float across = (float)s->map_width / (float)s->width, down = (float)s->map_height / (float)s->height;
        float *depth = s->mesh.line;
        for (int i = 0; i < n; i++) depth[i] = frame_map_at(s->depth, s->map_width, s->map_height, u[i] * across - 0.5f, v[i] * down - 0.5f);
        move_apart(s, view, depth, n, u, v);
    }
    for (int i = 0; i < n; i++) { u[i] -= 0.5f; v[i] -= 0.5f; }
}

void frame_place_at(const frame_scene *s, const frame_view *view, float x, float y, float *u, float *v) { places_at(s, view, x, 0, y, 1, u, v); }

float frame_overrun(const frame_scene *s, const frame_moment *m) {
    const frame_view view = frame_view_of(m);
    float worst = 0, u, v;
    for (int j = 0; j <= 16; j++) for (int i = 0; i <= 16; i++) {
        frame_place_at(s, &view, (float)(i * s->width) / 16, (float)(j * s->height) / 16, &u, &v);
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

static float gleam_at(const frame_view *view, float x, float y) {
    float along = x * view->gleam_x + y * view->gleam_y - view->moment->gleam_position;
    return view->moment->gleam * expf(-along * along / (view->moment->gleam_width * view->moment->gleam_width));
}

static void fill_light(frame_scene *s, const frame_view *view) {
    const frame_moment *m = view->moment;
    const frame_glow *glows[4] = { &m->key, &m->shadow, &m->left, &m->right };
    const int nx = s->nodes_x, ny = s->nodes_y, is_tinted = s->echo.memory != NULL;
    float *x[4], *y[4];
    for (int g = 0; g < (is_tinted ? 4 : 2); g++) {
        x[g] = s->mesh.bells + g * (nx + ny);
        y[g] = x[g] + nx;
        bell(glows[g]->x, glows[g]->radius_x, glows[g]->strength, nx, s->width, x[g]);
        bell(glows[g]->y, glows[g]->radius_y, glows[g]->strength == 0 ? 0 : 1, ny, s->height, y[g]);
    }
    for (int j = 0; j < ny; j++) {
        float *gain = s->mesh.gain + j * nx, *cb = s->mesh.cb + j * nx, *cr = s->mesh.cr + j * nx;
        const float fy = (float)(j * CELL) / (float)s->height, down = (fy - 0.5f) * 2, key = y[0][j], shadow = y[1][j];
        for (int i = 0; i < nx; i++) {
            float across = ((float)(i * CELL) / (float)s->width - 0.5f) * 2;
            gain[i] = (m->ambient + x[0][i] * key) * (1 - m->vignette * frame_smooth(0.25f, 2.0f, across * across + down * down));
        }
        if (m->gleam != 0) for (int i = 0; i < nx; i++) gain[i] += gleam_at(view, (float)(i * CELL) / (float)s->width, fy);
        for (int i = 0; i < nx; i++) gain[i] = frame_clamp(gain[i] * (1 - x[1][i] * shadow), 0, 1.99f);
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

/* Where the rows of the picture cross the columns of nodes: there the mesh says how to resample them across, before they are
   summed down. */
static void cross_rows(frame_scene *s) {
    const frame_mesh *mesh = &s->mesh;
    for (int i = 0; i < s->nodes_x; i++) for (int k = 0, j = 0; k < mesh->rows_across; k++) {
        const float row = (float)((k - 2) * CELL);
        while (j + 2 < s->nodes_y && mesh->v[(j + 1) * s->nodes_x + i] < row) j++;
        const int at = j * s->nodes_x + i, next = at + s->nodes_x;
        const float way = fmaxf(mesh->v[next] - mesh->v[at], 0.5f), share = frame_clamp((row - mesh->v[at]) / way, -2, 3);
        mesh->across[k * s->nodes_x + i] = mesh->u[at] + (mesh->u[next] - mesh->u[at]) * share;
    }
    for (int k = 0; k < mesh->rows_across; k++) hold(mesh->across + k * s->nodes_x, s->nodes_x, 0, 1.625f, (float)s->width);
}

static void fill_places(frame_scene *s, const frame_view *view) {
    const frame_mesh *mesh = &s->mesh;
    const int nx = s->nodes_x, cells = s->nodes_y - 1;
    for (int j = 0; j <= cells; j++) {
        float *u = mesh->u + j * nx, *v = mesh->v + j * nx;
        places_at(s, view, 0, CELL, (float)(j * CELL), nx, u, v);
        hold(v, nx, -0.875f, 0.875f, (float)s->height);
        float low = v[0], high = v[0];
        for (int i = 1; i < nx; i++) { low = fminf(low, v[i]); high = fmaxf(high, v[i]); }
        mesh->low[j] = (int)floorf(low) - 2;
        mesh->high[j] = (int)floorf(high) + 3;
    }
    for (int j = cells; j > 0; j--) if (mesh->low[j] < mesh->low[j - 1]) mesh->low[j - 1] = mesh->low[j];
    for (int j = 1; j <= cells; j++) if (mesh->high[j] < mesh->high[j - 1]) mesh->high[j] = mesh->high[j - 1];
    cross_rows(s);
}

void frame_mesh_fill(frame_scene *s, const frame_view *view) {
    fill_light(s, view);
    if (!view->is_straight) fill_places(s, view);
}
