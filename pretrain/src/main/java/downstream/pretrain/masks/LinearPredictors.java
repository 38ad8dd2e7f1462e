package downstream.pretrain.masks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Linear predictors of targets Y from inputs X together with some columns of O, for many choices of
 * columns: X is eliminated once, and each choice solves a small system.
 */
final class LinearPredictors {
  private static final int CHUNK = 1000;

  private final NDArray penalised; // O'O − O'X(X'X + λ)⁻¹X'O + λ, [o, o]
  private final NDArray products; // the same of O and Y, [o, y]
  private final NDArray options; // O of the test, less its prediction from X, [n, o]
  private final NDArray base; // prediction of Y from X of the test, [n, y]

  /**
   * Rows of one set of samples.
   *
   * @param inputs X, [samples][x]; the last column should be 1
   * @param options O, [samples][o]
   * @param targets Y, [samples][y]
   */
  record Rows(List<double[]> inputs, List<double[]> options, List<double[]> targets) {
    int count() {
      return inputs.size();
    }
  }

  /** Products of the columns of the samples that are fitted to: X'X, X'O, X'Y, O'O and O'Y. */
  record Products(int count, NDArray xx, NDArray xo, NDArray xy, NDArray oo, NDArray oy) {
    static Products of(Rows train, NDManager manager) {
      return new Products(
          train.count(),
          product(train, Rows::inputs, Rows::inputs, manager),
          product(train, Rows::inputs, Rows::options, manager),
          product(train, Rows::inputs, Rows::targets, manager),
          product(train, Rows::options, Rows::options, manager),
          product(train, Rows::options, Rows::targets, manager));
    }
  }

  /**
   * @param penalty on squared coefficients, a sample (ridge regression)
   * @param manager owns what is computed
   */
  LinearPredictors(Products train, double penalty, Rows test, NDManager manager) {
    double lambda = penalty * train.count();
    NDArray inverse = train.xx().add(diagonal(lambda, train.xx(), manager)).inverse();
    NDArray toOptions = inverse.matMul(train.xo()); // [x, o]
    NDArray toTargets = inverse.matMul(train.xy()); // [x, y]
    NDArray back = train.xo().transpose(); // [o, x]
    NDArray left = train.oo().sub(back.matMul(toOptions));
    penalised = left.add(diagonal(lambda, left, manager));
    products = train.oy().sub(back.matMul(toTargets));
    NDArray inputs = array(test.inputs(), manager);
    options = array(test.options(), manager).sub(inputs.matMul(toOptions));
    base = inputs.matMul(toTargets);
  }

  /** A'B over samples, added up in chunks. */
  private static NDArray product(
      Rows rows,
      Function<Rows, List<double[]>> left,
      Function<Rows, List<double[]>> right,
      NDManager manager) {
    NDArray sum = null;
    for (int from = 0; from < rows.count(); from += CHUNK) {
      int to = Math.min(rows.count(), from + CHUNK);
      try (NDManager scope = manager.newSubManager()) {
        NDArray a = array(left.apply(rows).subList(from, to), scope);
        NDArray product = a.transpose().matMul(array(right.apply(rows).subList(from, to), scope));
        product.attach(manager);
        sum = sum == null ? product : sum.addi(product);
      }
    }
    return Objects.requireNonNull(sum);
  }

  private static NDArray array(List<double[]> rows, NDManager manager) {
    int width = rows.get(0).length;
    double[] flat = new double[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, flat, i * width, width);
    }
    return manager.create(flat, new Shape(rows.size(), width));
  }

  private static NDArray diagonal(double value, NDArray like, NDManager manager) {
    return manager.eye((int) like.getShape().get(0)).toType(like.getDataType(), false).mul(value);
  }

  /**
   * Predicts Y of the test from X and some columns of O.
   *
   * @param columns of O
   * @return [samples][y]
   */
  double[][] predict(int[] columns) {
    NDArray predicted = base;
    if (columns.length > 0) {
      NDArray chosen = base.getManager().create(columns);
      NDArray square = penalised.get(chosen).transpose().get(chosen); // symmetric
      NDArray weights = square.inverse().matMul(products.get(chosen)); // [columns, y]
      predicted = base.add(options.transpose().get(chosen).transpose().matMul(weights));
    }
    double[] flat = predicted.toDoubleArray();
    int width = (int) predicted.getShape().get(1);
    double[][] rows = new double[flat.length / width][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
    }
    return rows;
  }
}
