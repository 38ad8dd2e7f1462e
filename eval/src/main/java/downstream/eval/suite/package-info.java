/** Suites: a grid of encoders, tasks, data and seeds in one file, and how it is worked off. */
@NullMarked
package downstream.eval.suite;

import org.jspecify.annotations.NullMarked;
