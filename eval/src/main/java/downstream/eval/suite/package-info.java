/** Suites: a grid of encoders, tasks, data sets and seeds in one file, and its execution. */
@NullMarked
package downstream.eval.suite;

import org.jspecify.annotations.NullMarked;
