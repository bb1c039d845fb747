
# put_layer NAME ARCHITECTURE RUNTIME ZIP: sets layer to the ARN of the newest version.
put_layer() {
    name=$1 architecture=$2 runtime=$3 zip=$4
    digest "$zip"
    version=$(aws lambda list-layer-versions --layer-name "$name" --no-paginate \
        --query 'LayerVersions[0].Version' --output text)
    if [ "$version" != None ]; then
        found=$(aws lambda get-layer-version --layer-name "$name" --version-number "$version" \
            --query '[Content.CodeSha256,LayerVersionArn]' --output text)
        layer=${found#"$sha256"}
        if [ "$layer" != "$found" ]; then
            layer=${layer#?}
            echo "$name: up to date"
            return
        fi
    fi
    set -- --layer-name "$name" --compatible-runtimes "$runtime"
    [ -z "$architecture" ] || set -- "$@" --compatible-architectures "$architecture"
    layer=$(send publish-layer-version "$zip" "$@" --query LayerVersionArn --output text)
    echo "$name: published"
}
