"""The kinds of k8s/ that Kubernetes itself does not have: what may stand in them, as far as they are used here. Closed
schemas of JSON: a word that stands in none of them is a mistake, or is added here from the operators' documentation."""

STRING, NUMBER, BOOLEAN = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}


def closed(required=(), **members):
    return {"type": "object", "additionalProperties": False, "properties": members, "required": list(required)}


def list_of(item, least=1):
    return {"type": "array", "items": item, "minItems": least}


def kind(api_version, name, spec):
    metadata = closed(["name", "namespace"], name=STRING, namespace=STRING,
                      labels={"type": "object", "additionalProperties": STRING},
                      annotations={"type": "object", "additionalProperties": STRING})
    return closed(["apiVersion", "kind", "metadata", "spec"], apiVersion={"const": api_version}, kind={"const": name},
                  metadata=metadata, spec=spec)


MATCH = closed(["matchLabels"], matchLabels={"type": "object", "additionalProperties": STRING, "minProperties": 1})
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h|d)$"}
QUANTITIES = closed(cpu=STRING, memory=STRING)
SPREAD = closed(["maxSkew", "topologyKey", "whenUnsatisfiable", "labelSelector"], maxSkew=NUMBER, topologyKey=STRING,
                whenUnsatisfiable={"enum": ["DoNotSchedule", "ScheduleAnyway"]}, labelSelector=MATCH)
SECCOMP = closed(["type"], type={"enum": ["RuntimeDefault"]})
POD = closed(["terminationGracePeriodSeconds", "securityContext"], terminationGracePeriodSeconds=NUMBER,
             topologySpreadConstraints=list_of(SPREAD), securityContext=closed(
                 ["runAsNonRoot", "seccompProfile"], runAsNonRoot={"const": True}, fsGroup=NUMBER,
                 seccompProfile=SECCOMP))
CONTAINER = closed(["securityContext"], securityContext=closed(
    ["allowPrivilegeEscalation", "runAsNonRoot", "capabilities"], allowPrivilegeEscalation={"const": False},
    runAsNonRoot={"const": True}, capabilities=closed(["drop"], drop={"const": ["ALL"]}), seccompProfile=SECCOMP))

# strimzi.io, "Configuring Strimzi": schema of Kafka and KafkaNodePool, v1beta2.
PEER = {"type": "object", "additionalProperties": False, "minProperties": 1,
        "properties": {"podSelector": MATCH, "namespaceSelector": MATCH}}
LISTENER = closed(
    ["name", "port", "type", "tls"], name={"type": "string", "pattern": "^[a-z0-9]{1,11}$"},
    port={"type": "integer", "minimum": 9092}, type={"enum": ["internal", "cluster-ip"]}, tls=BOOLEAN,
    authentication=closed(["type"], type={"enum": ["tls", "scram-sha-512"]}),
    configuration=closed(brokerCertChainAndKey=closed(["secretName", "certificate", "key"], secretName=STRING,
                                                      certificate=STRING, key=STRING)),
    networkPolicyPeers=list_of(PEER))
KAFKA = kind("kafka.strimzi.io/v1beta2", "Kafka", closed(["kafka"], clientsCa=closed(
    generateCertificateAuthority=BOOLEAN), kafka=closed(
    ["version", "metadataVersion", "listeners", "config"],
    version={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"}, metadataVersion=STRING,
    listeners=list_of(LISTENER),
    authorization=closed(["type"], type={"const": "simple"}, superUsers=list_of(STRING)),
    config={"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]},
            # Strimzi sets these itself and ignores or refuses others'.
            "propertyNames": {"not": {"pattern": r"^(listeners|advertised\.|broker\.|node\.id|process\.roles|log\.dir|"
                                                 r"inter\.broker\.|security\.|ssl\.(?!enabled\.protocols$)|"
                                                 r"controller\.|authorizer\.|super\.user)"}}},
    rack=closed(["topologyKey"], topologyKey=STRING),
    # Not pod and kafkaContainer: a pool with a template of its own takes none of them from here.
    template=closed(podDisruptionBudget=closed(["maxUnavailable"], maxUnavailable=NUMBER)))))
KAFKA_NODE_POOL = kind("kafka.strimzi.io/v1beta2", "KafkaNodePool", closed(
    ["replicas", "roles", "storage"], replicas={"type": "integer", "minimum": 1},
    roles={"type": "array", "items": {"enum": ["controller", "broker"]}, "uniqueItems": True, "minItems": 1},
    storage=closed(["type", "volumes"], type={"const": "jbod"}, volumes=list_of(closed(
        ["id", "type", "size"], id=NUMBER, type={"const": "persistent-claim"},
        size={"type": "string", "pattern": r"^\d+(Mi|Gi|Ti)$"}, deleteClaim=BOOLEAN,
        kraftMetadata={"const": "shared"}, **{"class": STRING}))),
    resources=closed(["requests", "limits"], requests=QUANTITIES, limits=QUANTITIES),
    jvmOptions=closed(**{"-Xms": {"type": "string", "pattern": r"^\d+[mg]$"},
                         "-Xmx": {"type": "string", "pattern": r"^\d+[mg]$"}}),
    template=closed(["pod", "kafkaContainer"], pod=POD, kafkaContainer=CONTAINER)))
# prometheus-operator.dev, API reference, monitoring.coreos.com/v1.
SERVICE_MONITOR = kind("monitoring.coreos.com/v1", "ServiceMonitor", closed(
    ["selector", "endpoints"], jobLabel=STRING, selector=MATCH, endpoints=list_of(closed(
        ["port"], port=STRING, path={"type": "string", "pattern": "^/"}, interval=DURATION, scrapeTimeout=DURATION,
        relabelings=list_of(closed(["targetLabel"], sourceLabels=list_of(STRING), targetLabel=STRING))))))
RULE = closed(["expr"], record=STRING, alert=STRING, expr=STRING, labels={"type": "object"},
              annotations={"type": "object", "additionalProperties": STRING}, **{"for": DURATION})
PROMETHEUS_RULE = kind("monitoring.coreos.com/v1", "PrometheusRule", closed(["groups"], groups=list_of(closed(
    ["name", "rules"], name=STRING, interval=DURATION, rules=list_of(RULE)))))

OTHERS = {"Kafka": KAFKA, "KafkaNodePool": KAFKA_NODE_POOL, "ServiceMonitor": SERVICE_MONITOR,
          "PrometheusRule": PROMETHEUS_RULE}
