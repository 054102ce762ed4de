// Losses and their gradients. Block 256, any grid: block b writes its share of the term to shares[b] (with one block, the term itself);
// sum_values adds the shares. dx: overwritten, null if not wanted.
#include "reductions.cuh"

// The sum of term(t) over [from, to), times factor.
template <class Term> DEVICE void sum_loss(i64 from, i64 to, double factor, double* shares, Term term) {
    SHARED(double, values, [256]);
    double sum = 0;
    FOR_EACH(t, to - from) sum += term(from + t);
    sum = block_sum(sum, values);
    if (threadIdx.x == 0) {
        shares[blockIdx.x] = sum * factor;
    }
}

// weight * mean((x - target)^2).
KERNEL mean_square(const float* x, i64 length, double target, double weight, float* dx, double* shares) {
    double factor = 2 * weight / (double) length;
    sum_loss(0, length, weight / (double) length, shares, [&](i64 t) {
        double d = x[t] - target;
        if (dx) {
            dx[t] = (float) (factor * d);
        }
        return d * d;
    });
}

// The same of values [from, to).
KERNEL mean_square_values(const double* x, int from, int to, double target, double weight, double* dx, double* shares) {
    double factor = 2 * weight / (to - from);
    sum_loss(from, to, weight / (to - from), shares, [&](i64 t) {
        double d = x[t] - target;
        if (dx) {
            dx[t] = factor * d;
        }
        return d * d;
    });
}

// weight * mean(max(least, offset + slope*x)), not a number where x is not.
KERNEL mean_ramp(const float* x, i64 length, double offset, double slope, double least, double weight, float* dx, double* shares) {
    double factor = weight * slope / (double) length;
    sum_loss(0, length, weight / (double) length, shares, [&](i64 t) {
        double v = offset + slope * x[t];
        if (dx) {
            dx[t] = v <= least ? 0 : (float) factor;
        }
        return v <= least ? least : v;
    });
}

// The same of values [from, to).
KERNEL mean_ramp_values(const double* x, int from, int to, double offset, double slope, double least, double weight, double* dx,
        double* shares) {
    double factor = weight * slope / (to - from);
    sum_loss(from, to, weight / (to - from), shares, [&](i64 t) {
        double v = offset + slope * x[t];
        if (dx) {
            dx[t] = v <= least ? 0 : factor;
        }
        return v <= least ? least : v;
    });
}

// Grid (parts, N): block (p, n) sums its share of the squares of image n's `length` numbers into shares[n][p].
KERNEL image_squares(const float* x, i64 length, double* shares) {
    const float* image = x + blockIdx.y * length;
    sum_loss(0, length, 1, shares + (i64) blockIdx.y * gridDim.x, [&](i64 t) { return (double) image[t] * image[t]; });
}

// One block: weight * mean over n of (sqrt(squares[n]) - 1)^2.
KERNEL length_errors(const double* squares, int images, double weight, double* term) {
    sum_loss(0, images, weight / images, term, [&](i64 n) {
        double d = sqrt(squares[n]) - 1;
        return d * d;
    });
}

// Its gradient; images have `length` numbers.
KERNEL length_gradient(const float* x, const double* squares, int images, i64 length, double weight, float* dx) {
    FOR_EACH(t, images * length) {
        double norm = sqrt(squares[t / length]);
        dx[t] = norm == 0 ? 0 : (float) (2 * weight / images * (1 - 1 / norm) * x[t]);
    }
}

// weight * mean(max(x,0) - x*target + log(1+exp(-|x|))): of logits.
KERNEL binary_cross_entropy(const double* x, int length, double target, double weight, double* dx, double* shares) {
    double factor = weight / length;
    sum_loss(0, length, factor, shares, [&](i64 t) {
        double v = x[t], e = exp(-fabs(v));
        if (dx) {
            double sigmoid = v >= 0 ? 1 / (1 + e) : e / (1 + e);
            dx[t] = factor * (sigmoid - target);
        }
        return (v > 0 ? v : 0) - v * target + log1p(e);
    });
}

// weight * mean|x - y|.
KERNEL mean_absolute(const float* x, const float* y, i64 length, double weight, float* dx, double* shares) {
    float factor = (float) (weight / (double) length);
    sum_loss(0, length, weight / (double) length, shares, [&](i64 t) {
        double d = (double) x[t] - y[t];
        if (dx) {
            dx[t] = d > 0 ? factor : d < 0 ? -factor : 0;
        }
        return fabs(d);
    });
}

// out[t] = x[t*length] + ... + x[t*length + length-1].
KERNEL sum_values(const double* x, int count, int length, double* out) {
    FOR_EACH(t, count) {
        double sum = 0;
        ROLLED for (int k = 0; k < length; k++) {
            sum += x[t * length + k];
        }
        out[t] = sum;
    }
}
