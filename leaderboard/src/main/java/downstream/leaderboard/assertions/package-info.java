/** AssertJ assertions on stored runs, for the test suites of others; needs AssertJ beside it. */
@NullMarked
package downstream.leaderboard.assertions;

import org.jspecify.annotations.NullMarked;
