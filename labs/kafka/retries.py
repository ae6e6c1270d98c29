"""Once and only once: a reply that is lost, and records that count together or not at all."""

from machinelab.authoring import At, Background, Choice, Experiment, Step

from . import headlines
from .common import BROKERS, CLUSTER, ON_DISK, READING, SEGMENTS, asks, topic, where
from .records import FETCH, FETCHED

ONE = 'kafka.message_value == "order-1"'
# A broker that has none at hand, or is still ending the transaction before, is asked again.
NOT_YET = Background("id-not-yet", "kafka.api_key == 22 and kafka.error in {14, 51}")
UNDEAFEN = At("producer", "hear")

idempotent = Experiment(
    "idempotent",
    "The reply that got lost",
    headline=headlines.idempotent,
    telling=("send", "send-again", "heard-at-last"),
    reset=(UNDEAFEN, topic(1)),
    run=(
        At("producer", "produce orders 2 --deaf --idempotent {idempotent} --patience 3000"),
        At("consumer1", "consume orders --partition 0 --offset beginning"),
    ),
    gather=(SEGMENTS,),
    after=(UNDEAFEN,),
    knobs={"idempotent": Choice(("yes", "no"))},
    background=(*CLUSTER, *READING, NOT_YET),
    steps=(
        *where(
            "idempotent == yes",
            Step("ask-id", f"producer > {BROKERS}", asks(22), times=(1, None)),
            Step("id", reply_to="ask-id", sees="kafka.error == 0"),
        ),
        Step("first", "producer > broker1", asks(0, 'kafka.message_value == "order-0"')),
        Step("first-kept", reply_to="first", sees="kafka.error == 0"),
        Step("send", "producer > broker1", asks(0, ONE)),
        Step("unheard", reply_to="send", sees="kafka.error == 0"),
        # The client waits for three seconds (--patience).
        Step("send-again", "producer > broker1", asks(0, ONE), after={"send": 2}),
        Step("heard-at-last", reply_to="send-again", sees="kafka.error == 0"),
        FETCH,
        FETCHED,
        Step("on-disk", "broker1", ON_DISK, times=(2, 3), track="disk"),
    ),
)

# A transaction has its producer's name; a marker says what the producer has said of it.
SAME_NAME = {"kafka.transactional_id": "ask-id"}
AS_SAID = {"kafka.producer_id": "end", "kafka.transaction_result": "end"}

transaction = Experiment(
    "transaction",
    "All of them or none",
    headline=headlines.transaction,
    reset=(topic(1),),
    run=(
        At("producer", "transact orders {end} 3"),
        At("consumer1", "consume orders --partition 0 --offset beginning --isolation {isolation}"),
    ),
    knobs={"end": Choice(("commit", "abort")), "isolation": Choice(("read_committed", "read_uncommitted"))},
    background=(*CLUSTER, *READING, NOT_YET),
    steps=(
        Step("ask-id", "producer > broker2", asks(22), times=(1, None)),
        Step("id", reply_to="ask-id", sees="kafka.error == 0"),
        Step("add", "producer > broker2", asks(24), same=SAME_NAME),
        Step("added", reply_to="add", sees="kafka.error == 0"),
        Step("produce", "producer > broker1", asks(0), times=(1, None)),
        Step("produced", reply_to="produce", sees="kafka.error == 0", times=(1, None)),
        Step("end", "producer > broker2", asks(26), same=SAME_NAME),
        Step("ended", reply_to="end", sees="kafka.error == 0"),
        Step("verify", "broker1 > broker2", asks(24), track="verify", same=SAME_NAME),
        Step("verified", reply_to="verify"),
        Step("mark", "broker2 > broker1", asks(27), track="marks", same=AS_SAID),
        Step("marked", reply_to="mark", sees="kafka.error == 0"),
        FETCH,
        FETCHED,
    ),
)
